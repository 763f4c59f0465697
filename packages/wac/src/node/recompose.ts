import { keepingDecode } from "../decode-cache.ts";
import { WacError } from "../errors.ts";
import type { Composition } from "../graph.ts";
import { compose } from "../resolve/resolve.ts";
import { FilePackages, type FilePackagesOptions } from "./file-packages.ts";
import { readText } from "./read-file.ts";
import { FileChanges } from "./watch-files.ts";

const QUIET_MS = 50;

export interface RecomposeOptions extends Omit<FilePackagesOptions, "onLookAt"> {
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
 * Composes a file, and again whenever it or one of its packages changes, appears or vanishes, for as long as the iteration
 * goes on. Packages that have not changed are not decoded again: they are the same components as before. Changes that change
 * nothing give nothing. Files that are written piece by piece are read when they have been quiet for a while; one that is
 * longer in writing may be told of as a problem first. An iteration that waits is ended by the signal.
 *
 * @throws the file system's error when the text itself can't be read at first, or where it can't watch any more
 */
export async function* recompose(file: string, options: RecomposeOptions = {}): AsyncGenerator<Recomposed> {
  const decode = keepingDecode();
  const changes = new FileChanges(options.quietMs ?? QUIET_MS);
  const end = (): void => changes.close();
  options.signal?.addEventListener("abort", end);
  try {
    let text = await readText(file);
    let last: Recomposed | undefined;
    while (!options.signal?.aborted) {
      const lookedAt = new Set([file]);
      const onLookAt = (path: string): void => void lookedAt.add(path);
      const next = await composed(text, file, { ...options, onLookAt }, decode);
      if (options.signal?.aborted) {
        return;
      }
      // What was not watched while it was read may have changed since: it is read once more.
      if (!changes.watch(lookedAt)) {
        if (!isSame(last, next)) {
          last = next;
          yield next;
        }
        if (!(await changes.next())) {
          return;
        }
      }
      text = await readAgain(file, text);
    }
  } finally {
    options.signal?.removeEventListener("abort", end);
    changes.close();
  }
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
    return await readText(file);
  } catch {
    return before;
  }
}

/** Equal texts of the same components are the same composition. */
function isSame(a: Recomposed | undefined, b: Recomposed): boolean {
  if (a?.kind === "problem" && b.kind === "problem") {
    return told(a.error) === told(b.error);
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

/** All that is said of what is wrong. */
function told(error: WacError): string {
  return [error, ...error.others].flatMap((each) => [String(each), ...each.notes, ...each.hints]).join("\n");
}
