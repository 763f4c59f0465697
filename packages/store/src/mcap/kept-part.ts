import { RecordingError } from "@playhead/recording";
import type { KeptPart } from "./mcap-writer.ts";
import { OPCODE, RECORD_HEADER_BYTES } from "./records.ts";
import type { RecordBetween } from "./written-part.ts";

/** The channels and messages that a resumed writer keeps. */
export class KeptMessages implements KeptPart {
  lastTimeNs = 0n;
  readonly #path: string;
  /** Records of the channels that are not declared yet, by number. */
  readonly #channels = new Map<number, Uint8Array>();
  readonly #schemas: Uint8Array[] = [];
  readonly #counts = new Map<number, number>();

  constructor(path: string) {
    this.#path = path;
  }

  addDefinition({ opcode, bytes }: RecordBetween): void {
    if (opcode === OPCODE.schema) this.#schemas.push(bytes);
    if (opcode === OPCODE.channel) this.#channels.set(channelOf(bytes), bytes);
  }

  addMessages(channelId: number, count: number, lastTimeNs: bigint): void {
    this.#counts.set(channelId, (this.#counts.get(channelId) ?? 0) + count);
    this.lastTimeNs = lastTimeNs;
  }

  takeChannel(id: number, records: readonly Uint8Array[]): number | undefined {
    const kept = this.#channels.get(id);
    if (kept === undefined) return undefined;
    const channel = records.at(-1);
    const schema = records.length > 1 ? records[0] : undefined;
    if (!isEqual(kept, channel) || (schema !== undefined && !isEqual(this.#schemas.shift(), schema))) {
      throw this.#refusal(`channel ${id} as the file has it`, "another topic, encoding, schema or metadata");
    }
    this.#channels.delete(id);
    return this.#counts.get(id) ?? 0;
  }

  checkChannels(): void {
    if (this.#channels.size === 0) return;
    const missing = [...this.#channels.keys()].sort((a, b) => a - b).join(", ");
    throw this.#refusal("all channels of the file to be declared again", `none for channel ${missing}`);
  }

  #refusal(expected: string, found: string): RecordingError {
    return new RecordingError("not-resumable", { expected, found, where: this.#path });
  }
}

function channelOf(record: Uint8Array): number {
  return new DataView(record.buffer, record.byteOffset).getUint16(RECORD_HEADER_BYTES, true);
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
