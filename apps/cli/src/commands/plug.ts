import { decodeComponent } from "@playhead/component-model";
import { encodeComposition, plug } from "@playhead/wac";
import type { Command } from "commander";
import { addComponentOutput, type ComponentOutputOptions, writeComponent } from "../component-output.ts";
import { type NamedComponent, readComponent } from "../read-component.ts";
import { VERSION } from "../version.ts";

interface Options extends ComponentOutputOptions {
  readonly plug: string[];
}

export function addPlug(program: Command): void {
  addComponentOutput(
    program
      .command("plug")
      .description("Give the exports of components, the plugs, to the imports of another one, the socket")
      .argument("<socket>", "component that imports")
      .requiredOption("--plug <file...>", "components that export; the first that fits is taken"),
  )
    .addHelpText("after", "\nExample:\n  playhead plug tracker.wasm --plug maps.wasm -o whole.wasm\n")
    .action(plugFiles);
}

async function plugFiles(socket: string, options: Options): Promise<void> {
  const plugs: NamedComponent[] = [];
  for (const file of options.plug) plugs.push(await readComponent(file));
  const composition = plug(await readComponent(socket), plugs);
  const bytes = encodeComposition(composition, { processedBy: { name: "playhead", version: VERSION } });
  decodeComponent(bytes);
  await writeComponent(bytes, options);
}
