import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inlineCameras, type Picture, pictureToSvg, RenderError, rasterise } from "@playhead/renderer";
import type { Output, OutputSink, OutputTopic } from "@playhead/simulator";
import { makeFolders } from "@playhead/store";
import { OutputError } from "./failure.ts";

/** Writes every picture of every view as PNG: `<folder>/<unit>/<view>/000000.png`, numbered from 0. */
export class PictureWriter implements OutputSink {
  readonly needsDrawings = true;
  readonly folder: string;
  /** Pictures written, by `<unit>/<view>`. */
  readonly written = new Map<string, number>();
  /** Pictures that could not be drawn; the first reason. */
  refused = 0;
  refusal: string | undefined;
  readonly #drawn = new Map<string, number>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder, so that a run that cannot write pictures does not begin. */
  static async create(folder: string): Promise<PictureWriter> {
    makeFolder(folder);
    return new PictureWriter(folder);
  }

  async open(topics: readonly OutputTopic[]): Promise<void> {
    for (const { kind, topic } of topics) if (kind === "view") makeFolder(join(this.folder, nameOf(topic)));
  }

  async write(outputs: readonly Output[]): Promise<void> {
    for (const output of outputs) if (output.drawing !== undefined) await this.#draw(output);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #draw({ topic, drawing }: Output): Promise<void> {
    const name = nameOf(topic);
    const index = this.#drawn.get(name) ?? 0;
    this.#drawn.set(name, index + 1);
    const png = await this.#png(drawing);
    if (png === undefined) return;
    const file = join(this.folder, name, `${String(index).padStart(6, "0")}.png`);
    await writeFile(file, png).catch((cause: unknown) => {
      throw new OutputError(file, cause);
    });
    this.written.set(name, (this.written.get(name) ?? 0) + 1);
  }

  async #png(drawing: Output["drawing"]): Promise<Uint8Array | undefined> {
    try {
      const cameras = inlineCameras((sensor) => drawing?.cameras.get(sensor)?.payload);
      return await rasterise(pictureToSvg(drawing?.picture as Picture, cameras));
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      this.refused++;
      this.refusal ??= error.message;
      return undefined;
    }
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    throw new OutputError(folder, cause);
  }
}

/** `/views/<unit>/<view>` without what could leave the folder. */
function nameOf(topic: string): string {
  return topic
    .replace(/^\/views\//, "")
    .split("/")
    .map((part) => part.replace(/[^\w.-]/g, "_").replace(/^\.+/, "_"))
    .join("/");
}
