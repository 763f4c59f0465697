import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { keepingDecode } from "../decode-cache.ts";
import { WacError } from "../errors.ts";
import type { Composition } from "../graph.ts";
import { compose } from "../resolve/resolve.ts";
import { FilePackages, type FilePackagesOptions } from "./file-packages.ts";
import { FileChanges, type Watched } from "./watch-files.ts";

const QUIET_MS = 50;

export interface RecomposeOptions extends FilePackagesOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
  /** How long nothing may happen before files that changed are read, in milliseconds. */
  readonly quietMs?: number | undefined;
}

/** What became of a composition after a change. */
export type Recomposed =
  | { readonly kind: "composition"; readonly composition: Composition }
  /** What is wrong with the text or its packages now. */
  | { readonly kind: "problem"; readonly error: WacError };

/**
 * Composes a file, and again whenever it or one of its packages changes, for as long as the iteration goes on. Packages that
 * have not changed are not decoded again: they are the same components as before. Changes that change nothing give nothing.
 *
 * @throws the file system's error when the text itself can't be read at first
 */
export async function* recompose(file: string, options: RecomposeOptions = {}): AsyncGenerator<Recomposed> {
  const decode = keepingDecode();
  const changes = new FileChanges(watchedBy(file, options), options.quietMs ?? QUIET_MS);
  const end = (): void => changes.close();
  options.signal?.addEventListener("abort", end);
  try {
    let text = await readFile(file, "utf8");
    let last: Recomposed | undefined;
    while (!options.signal?.aborted) {
      const next = await composed(text, file, options, decode);
      if (!isSame(last, next)) {
        last = next;
        yield next;
      }
      if (!(await changes.next())) {
        return;
      }
      text = await readAgain(file, text);
    }
  } finally {
    options.signal?.removeEventListener("abort", end);
    changes.close();
  }
}

function watchedBy(file: string, { directories = [], overrides }: RecomposeOptions): readonly Watched[] {
  const files = [file, ...(overrides?.values() ?? [])];
  return [
    ...directories.map((folder) => ({ folder, only: undefined })),
    ...files.map((path) => ({ folder: dirname(path), only: basename(path) })),
  ];
}

async function composed(
  text: string,
  file: string,
  options: FilePackagesOptions,
  decode: ReturnType<typeof keepingDecode>,
): Promise<Recomposed> {
  try {
    const composition = await compose(text, { file, resolver: new FilePackages(options), decode });
    return { kind: "composition", composition };
  } catch (error) {
    if (error instanceof WacError) {
      return { kind: "problem", error };
    }
    throw error;
  }
}

/** While an editor writes a file, it may not be there: what it was before holds until it is. */
async function readAgain(file: string, before: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return before;
  }
}

/** Equal texts of the same components are the same composition. */
function isSame(a: Recomposed | undefined, b: Recomposed): boolean {
  if (a?.kind === "problem" && b.kind === "problem") {
    return a.error.toString() === b.error.toString();
  }
  if (a?.kind !== "composition" || b.kind !== "composition") {
    return false;
  }
  const [before, after] = [a.composition.text, b.composition.text];
  const components = (text: typeof before): readonly unknown[] =>
    [...(text?.packages.values() ?? [])].map((loaded) =>
      loaded.kind === "package" ? loaded.package.component : undefined,
    );
  const now = components(after);
  return (
    before?.document.text === after?.document.text &&
    components(before).every((component, index) => component === now[index])
  );
}
