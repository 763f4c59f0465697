import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Laboratory,
  openRecordedRun,
  type RecordedRun,
  type Trial,
  type TrialResult,
  type Variant,
} from "@playhead/simulator";
import type { RunRequest } from "../open-run.ts";
import { resultFromJson, type WayOrder } from "./way-file.ts";

/** How a variant is run. */
export interface VariantSetup {
  readonly request: RunRequest;
  /** The program that runs it. */
  readonly node: string;
}

interface Options {
  /** For files in between. */
  readonly folder: string;
  readonly setups: ReadonlyMap<Variant, VariantSetup>;
  /** Ends the run that is being made. */
  readonly signal: AbortSignal;
}

/** A run that could not even begin. */
class ChildFailure extends Error {
  override readonly name = "ChildFailure";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes each run in a process of its own. */
export class ChildRuns implements Laboratory {
  readonly #options: Options;
  #made = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  async run(trial: Trial): Promise<TrialResult> {
    const { folder, setups } = this.#options;
    const setup = setups.get(trial.variant);
    if (setup === undefined) throw new Error(`Invariant: it is known how to run ${trial.variant}`);
    const name = join(folder, String(this.#made++));
    const [order, result, outputsAt] = [`${name}.order.json`, `${name}.result.json`, `${name}.mcap`];
    const content: WayOrder = { request: setup.request, way: trial.way, outputsAt };
    await writeFile(order, JSON.stringify(content));
    await this.#child(setup.node, ["verify-way", order, result, "--json"]);
    return { ...resultFromJson(await readFile(result, "utf8")), trial, outputsAt };
  }

  open({ outputsAt }: TrialResult): Promise<RecordedRun> {
    return openRecordedRun(outputsAt);
  }

  async discard({ outputsAt }: TrialResult): Promise<void> {
    await rm(outputsAt, { force: true });
  }

  async #child(node: string, args: readonly string[]): Promise<void> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const program = process.argv[1] ?? "";
    const child = spawn(node, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const said = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      said.out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said.err += chunk.toString();
    });
    const stop = (): void => void child.kill();
    signal.addEventListener("abort", stop);
    const ended = await new Promise<string | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, by) => resolve(code === 0 ? undefined : `exit code ${code ?? by}`));
    });
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
    if (ended !== undefined) throw failureOf(ended, said.out, said.err);
  }
}

/** What a process said of its failure; its last words where it could not say it. */
function failureOf(ended: string, out: string, err: string): ChildFailure {
  try {
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    return new ChildFailure(error.code, error.message);
  } catch {
    return new ChildFailure("internal", `a run ended with ${ended}: ${err.slice(-1000)}`);
  }
}
