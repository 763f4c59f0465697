import { createHash } from "node:crypto";
import type { Output, OutputSink } from "../outputs/output.ts";

/** An output that was not the same when the run went back and gave it again. */
export interface ReplayDifference {
  /** Position among the outputs of the run, from 0. */
  readonly index: number;
  readonly timeUs: number;
  readonly unit: string;
  readonly topic: string;
  /** What the replay gave. */
  readonly payload: Uint8Array;
}

/** Holds every replayed output against what was given first. Keeps 8 bytes of each. */
export class ReplayCheck implements OutputSink {
  /** The first that differed. */
  difference: ReplayDifference | undefined;
  readonly #digests: bigint[] = [];

  async open(): Promise<void> {}

  async write(outputs: readonly Output[]): Promise<void> {
    for (const output of outputs) this.#digests[output.index] = digest(output);
  }

  replayed(outputs: readonly Output[]): void {
    if (this.difference !== undefined) return;
    const other = outputs.find((output) => this.#digests[output.index] !== digest(output));
    if (other === undefined) return;
    const { index, timeUs, unit, topic, payload } = other;
    this.difference = { index, timeUs, unit, topic, payload: payload.slice() };
  }

  async close(): Promise<void> {}
}

function digest({ timeUs, unit, topic, payload }: Output): bigint {
  const hash = createHash("sha256").update(`${timeUs}\0${unit}\0${topic}\0`).update(payload);
  return hash.digest().readBigUInt64LE(0);
}
