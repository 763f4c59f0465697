import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type Component, decodeComponent } from "@playhead/component-model";
import { readPackage } from "@playhead/wac/node";
import { nameFile } from "./name-file.ts";

/** A component, called as its file. */
export interface NamedComponent {
  readonly name: string;
  readonly component: Component;
}

/** Reads a component in binary or text form, or WIT in the form of one. */
export async function readComponent(file: string): Promise<NamedComponent> {
  const bytes = await nameFile(file, () => readPackage(file));
  if (bytes === undefined) throw await absence(file);
  const name = basename(file, extname(file));
  return { name, component: await nameFile(file, () => decodeComponent(bytes, { name })) };
}

/** No such file, in the file system's words; or a folder in which there is no WIT. */
async function absence(file: string): Promise<Error> {
  await stat(file);
  const error = new Error(
    `${file}: expected a component or a folder of WIT, found a folder without .wit files`,
  );
  return Object.assign(error, { code: "not-a-component" });
}
