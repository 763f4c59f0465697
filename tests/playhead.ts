import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./surroundings.ts";

export const PROGRAM = join(ROOT, "apps/cli/bin/playhead.js");

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export async function playhead(args: readonly string[], node = process.execPath): Promise<Ran> {
  const child = startPlayhead(args, node);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** Starts the built command. Ending it is the caller's. */
export function startPlayhead(args: readonly string[], node = process.execPath): ChildProcess {
  return spawn(node, [PROGRAM, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
}

/** What `playhead run --json` prints; throws with its errors when it failed. */
export async function runJson(args: readonly string[], node?: string): Promise<RunJson> {
  const ran = await playhead(["run", ...args, "--json"], node);
  if (ran.exitCode !== 0)
    throw new Error(`playhead run ${args.join(" ")}: exit code ${ran.exitCode}\n${ran.stderr}`);
  return JSON.parse(ran.stdout) as RunJson;
}

/** What a command prints as JSON; throws with its errors when it failed. */
// biome-ignore lint/suspicious/noExplicitAny: what a command prints is compared field by field
export async function playheadJson(args: readonly string[]): Promise<any> {
  const ran = await playhead([...args, "--json"]);
  if (ran.exitCode !== 0) throw new Error(`playhead ${args[0]}: exit code ${ran.exitCode}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

/** The address of a recording in a database. */
export function addressIn(database: string, recording: string): string {
  return database.replace(
    /(\/[^/?]*)(\?|$)/,
    (_, path: string, query: string) => `${path}/${recording}${query}`,
  );
}

export interface RunJson {
  readonly runHash: string;
  readonly inputHash: string;
  readonly durationUs: number;
  readonly achievedSpeed: number;
  readonly readings: Record<string, number>;
  readonly components: readonly {
    readonly name: string;
    readonly steps: number;
    readonly meanMs: number;
    readonly totalMs: number;
    readonly metrics: Record<string, number>;
    readonly standing: string;
  }[];
  readonly topics: Record<string, number>;
  readonly views: Record<string, number>;
  readonly frames: number;
  readonly decisions: readonly { readonly event: number; readonly unit: string; readonly action: string }[];
  readonly alerts: readonly { readonly timeUs: number; readonly message: Record<string, unknown> }[];
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
