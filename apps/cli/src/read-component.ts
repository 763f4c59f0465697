import { basename, extname } from "node:path";
import { type Component, decodeComponent } from "@playhead/component-model";
import { readPackage } from "@playhead/wac/node";
import { UsageError } from "./failure.ts";

/** A component, called as its file. */
export interface NamedComponent {
  readonly name: string;
  readonly component: Component;
}

/** Reads a component in binary or text form, or WIT in the form of one. */
export async function readComponent(file: string): Promise<NamedComponent> {
  const bytes = await readPackage(file);
  if (bytes === undefined) throw new UsageError(`${file}: no such file, or no WIT in the folder`);
  const name = basename(file, extname(file));
  try {
    return { name, component: decodeComponent(bytes, { name }) };
  } catch (error) {
    if (error instanceof Error) error.message = `${file}: ${error.message}`;
    throw error;
  }
}
