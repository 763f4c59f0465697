import { decodeComponent } from "@playhead/component-model";
import { compose, compositionOf } from "@playhead/wac";
import type { Pipeline } from "./pipeline.ts";
import type { PipelineSource } from "./pipeline-source.ts";
import { wacPipeline } from "./wac-pipeline.ts";

/**
 * Makes a pipeline again.
 *
 * @throws WacError, ComponentModelError, SimulationError for what is no pipeline
 */
export async function pipelineOf({ name, soleName, text, packages }: PipelineSource): Promise<Pipeline> {
  if (text === undefined) {
    const component = decodeComponent(packages.get("") ?? new Uint8Array(), { name: soleName });
    return wacPipeline(compositionOf(component, soleName), name, soleName);
  }
  const composition = await compose(text, {
    file: name,
    resolver: {
      find: (reference) => {
        const key =
          reference.version === undefined ? reference.name : `${reference.name}@${reference.version}`;
        const bytes = packages.get(key);
        return bytes === undefined ? { bytes, lookedAt: [name] } : { bytes, from: key };
      },
    },
  });
  return wacPipeline(composition, name, soleName);
}
