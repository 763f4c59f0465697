import type { ReplayDifference, Way, WayResult } from "@playhead/simulator";
import type { RunRequest } from "../open-run.ts";

/** What a process of its own is told to run. */
export interface WayOrder {
  readonly request: RunRequest;
  readonly way: Way;
  /** Where to record the outputs. */
  readonly outputsAt: string;
}

/** A result as JSON: a replayed payload becomes base64. */
export function resultToJson(result: WayResult): string {
  return JSON.stringify(result, (_key, value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value,
  );
}

export function resultFromJson(text: string): WayResult {
  const result = JSON.parse(text) as WayResult & { replayDifference?: { payload: { base64: string } } };
  const { replayDifference: replayed } = result;
  if (replayed === undefined) return { ...result, replayDifference: undefined };
  const payload = new Uint8Array(Buffer.from(replayed.payload.base64, "base64"));
  return { ...result, replayDifference: { ...(replayed as unknown as ReplayDifference), payload } };
}
