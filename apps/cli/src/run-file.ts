import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseRunFile, type RunSettings } from "@playhead/simulator";
import { UsageError } from "./failure.ts";
import type { RunOptions } from "./run-options.ts";

/** Options of a run that a file may give, too. */
interface FileOptions extends RunOptions {
  readonly speed?: string;
}

/** A run as the command line and, where it names one, a file tell of it. */
export interface WholeRun<T> {
  readonly recording: string;
  readonly options: T;
  readonly checkpoints: RunSettings["checkpoints"];
}

/**
 * Takes a YAML file in the place of a recording as the description of a whole run: its recording, its composition, its range and speed, and
 * configuration to lay over that of the composition. What the command line says wins.
 */
export async function wholeRun<T extends FileOptions>(given: string, options: T): Promise<WholeRun<T>> {
  if (!/\.ya?ml$/i.test(given)) return { recording: given, options, checkpoints: undefined };
  const { run } = parseRunFile(await readFile(given, "utf8"), given);
  if (run.recording === undefined)
    throw new UsageError(`${given}: expected the key "recording", to run the file as a whole run`);
  const at = (path: string): string => placed(path, dirname(given));
  const { composition, depsDirs, from, to, speed, checkpoints } = run;
  const fromFile: FileOptions = {
    ...(composition === undefined ? {} : { composition: at(composition) }),
    ...(depsDirs === undefined ? {} : { depsDir: depsDirs.map(at) }),
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
    ...(speed === undefined ? {} : { speed: String(speed) }),
  };
  return {
    recording: at(run.recording),
    options: { ...fromFile, ...options, overlay: [given, ...(options.overlay ?? [])] },
    checkpoints,
  };
}

/** A path of the file; an address is none. */
function placed(path: string, folder: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? path : resolve(folder, path);
}
