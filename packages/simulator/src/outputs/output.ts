import { createHash } from "node:crypto";
import type { Reading } from "@playhead/recording";
import type { Picture } from "./picture.ts";

/** One thing that a run gave: a message on the bus or a picture of a view. */
export interface Output {
  /** Position among the outputs of the run, from 0. */
  readonly index: number;
  readonly timeUs: number;
  /** The unit that gave it. */
  readonly unit: string;
  /** Topic of the bus, or `/views/<unit>/<view>`. */
  readonly topic: string;
  readonly kind: "message" | "view";
  readonly payload: Uint8Array;
  /** For a view: what `payload` says, ready to be shown. Not hashed. */
  readonly drawing: Drawing | undefined;
}

/** A picture and what it refers to. */
export interface Drawing {
  readonly picture: Picture;
  /** Of the picture as recorded. */
  readonly bytes: number;
  /** The last reading of each camera when the picture was drawn, by the sensor's name: what `sensor:` stands for. */
  readonly cameras: ReadonlyMap<string, CameraPicture>;
}

/** What a camera saw: the part of its reading that is shown. */
export type CameraPicture = Pick<Reading, "timeUs" | "payload">;

/** How outputs of a kind are to be read. */
export interface OutputTopic {
  readonly topic: string;
  readonly unit: string;
  readonly kind: "message" | "view";
  readonly encoding: string;
  readonly schema:
    | { readonly name: string; readonly encoding: string; readonly data: Uint8Array }
    | undefined;
  readonly role: "alerts" | undefined;
}

/**
 * Takes every output of a run once, in total order, whatever way the playhead went. The run waits for `write`; nothing is
 * lost and nothing piles up. A write that fails is repeated when the run goes on: one that can fail takes all or nothing.
 */
export interface OutputSink {
  /** Whether it looks at `Output.drawing`; a simulation in another thread sends none otherwise. */
  readonly needsDrawings?: boolean;
  /**
   * Called once, before the first output.
   * @param firstIndex of that output; above 0 the run goes on where an earlier one was saved, and all before are what that one gave
   */
  open(topics: readonly OutputTopic[], firstIndex: number): Promise<void>;
  write(outputs: readonly Output[]): Promise<void>;
  /** Told of outputs that were written before, when the run went back and gives them again: equal to the bit, if it is deterministic. */
  replayed?(outputs: readonly Output[]): void;
  /** Called when the run is closed. */
  close(): Promise<void>;
}

const encoder = new TextEncoder();

/**
 * The run hash: h₀ = 0, hₙ₊₁ = SHA-256(hₙ ‖ canonical record of output n). The canonical record is time (s64 LE, µs) · length of the
 * unit's name (u32 LE) · unit · length of the topic · topic · length of the payload · payload.
 */
export class RunHash {
  #state: Buffer = Buffer.alloc(32);
  readonly #names = new Map<string, Uint8Array>();

  add(output: Pick<Output, "timeUs" | "unit" | "topic" | "payload">): void {
    const time = Buffer.alloc(8);
    time.writeBigInt64LE(BigInt(output.timeUs));
    this.#state = createHash("sha256")
      .update(this.#state)
      .update(time)
      .update(this.#name(output.unit))
      .update(this.#name(output.topic))
      .update(length32(output.payload.length))
      .update(output.payload)
      .digest();
  }

  /** 64 hexadecimal digits. */
  toString(): string {
    return this.#state.toString("hex");
  }

  /** Its 32 bytes: all the state that there is. */
  save(): Uint8Array {
    return this.#state;
  }

  restore(state: Uint8Array): void {
    this.#state = Buffer.from(state);
  }

  #name(name: string): Uint8Array {
    let bytes = this.#names.get(name);
    if (bytes === undefined) {
      const text = encoder.encode(name);
      bytes = Buffer.concat([length32(text.length), text]);
      this.#names.set(name, bytes);
    }
    return bytes;
  }
}

function length32(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}
