import type { LogTime } from "../readings/log-time.ts";
import type { SensorRange } from "../readings/sensor-range.ts";
import { decodeGroups } from "./group-codec.ts";
import type { Group } from "./groups.ts";

/** So many decoded blocks stay in memory. */
const CACHED_BLOCKS = 4;

/** A run of groups that is decoded at once. */
export interface BlockHead {
  /** Among the bytes of all blocks. */
  readonly offset: number;
  readonly length: number;
  /** CRC-32 of its bytes. */
  readonly crc: number;
  readonly first: LogTime;
  readonly last: LogTime;
  /** Position of its first message in the recording. */
  readonly position: number;
  /** By sensor handle: how many messages lie before the block. */
  readonly sequences: readonly number[];
}

/** Which message is where, for all segments of a file: small enough to be kept, and read by the block. */
export interface PositionIndex {
  readonly segmentCount: number;
  /** In total order. */
  readonly heads: readonly BlockHead[];
  /** By sensor handle; undefined where a sensor has no messages. */
  readonly ranges: readonly (SensorRange | undefined)[];
  /** The blocks. */
  readonly bytes: Uint8Array;
}

/** Gives a part of the blocks' bytes. */
export type BlockSource = (offset: number, length: number) => Promise<Uint8Array>;

/** The groups of a file, in total order. */
export interface Groups {
  /** Groups with messages of wanted sensors (1 by handle) that may lie in a span of time, both ends inclusive. */
  between(fromUs: number, toUs: number, wanted: Uint8Array, signal?: AbortSignal): AsyncIterable<Group>;
  /** Groups that begin at or before a time and have messages of wanted sensors, the last one first. `wanted` may change meanwhile. */
  backFrom(timeUs: number, wanted: Uint8Array): AsyncIterable<Group>;
}

/** The groups of a file of which only a few are in memory. */
export class GroupIndex implements Groups {
  readonly #heads: readonly BlockHead[];
  readonly #ranges: readonly (SensorRange | undefined)[];
  readonly #source: BlockSource;
  /** Least recently used first. */
  readonly #cache = new Map<BlockHead, readonly Group[]>();

  constructor({ heads, ranges }: Pick<PositionIndex, "heads" | "ranges">, source: BlockSource) {
    this.#heads = heads;
    this.#ranges = ranges;
    this.#source = source;
  }

  async *between(fromUs: number, toUs: number, wanted: Uint8Array): AsyncGenerator<Group> {
    for (let block = this.#firstBlockEndingAt(fromUs); block < this.#heads.length; block++) {
      const head = this.#heads[block] as BlockHead;
      if (head.first.timeUs > toUs) return;
      if (!this.#blockHas(block, wanted)) continue;
      for (const group of await this.#load(head)) {
        if (group.first.timeUs > toUs) return;
        if (group.last.timeUs >= fromUs && hasSensor(group, wanted)) yield group;
      }
    }
  }

  async *backFrom(timeUs: number, wanted: Uint8Array): AsyncGenerator<Group> {
    for (let block = this.#heads.length - 1; block >= 0 && wanted.includes(1); block--) {
      const head = this.#heads[block] as BlockHead;
      if (head.first.timeUs > timeUs || !this.#blockHas(block, wanted)) continue;
      const groups = await this.#load(head);
      for (let index = groups.length - 1; index >= 0; index--) {
        const group = groups[index] as Group;
        if (group.first.timeUs <= timeUs && hasSensorUpTo(group, timeUs, wanted)) yield group;
      }
    }
  }

  #firstBlockEndingAt(timeUs: number): number {
    let low = 0;
    let high = this.#heads.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#heads[middle] as BlockHead).last.timeUs < timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #blockHas(block: number, wanted: Uint8Array): boolean {
    const before = (this.#heads[block] as BlockHead).sequences;
    const after = this.#heads[block + 1]?.sequences;
    return wanted.some(
      (isWanted, handle) =>
        isWanted === 1 && before[handle] !== (after?.[handle] ?? this.#ranges[handle]?.count ?? 0),
    );
  }

  async #load(head: BlockHead): Promise<readonly Group[]> {
    const cached = this.#cache.get(head);
    this.#cache.delete(head);
    const groups = cached ?? (await this.#read(head));
    this.#cache.set(head, groups);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= CACHED_BLOCKS) break;
      this.#cache.delete(oldest);
    }
    return groups;
  }

  async #read(head: BlockHead): Promise<readonly Group[]> {
    const bytes = await this.#source(head.offset, head.length);
    return decodeGroups(bytes, head.position, head.sequences);
  }
}

export function hasSensor(group: Group, wanted: Uint8Array): boolean {
  for (const handle of group.sensors.keys()) if (wanted[handle] === 1) return true;
  return false;
}

export function hasSensorUpTo(group: Group, timeUs: number, wanted: Uint8Array): boolean {
  for (const [handle, { first }] of group.sensors) {
    if (wanted[handle] === 1 && first.timeUs <= timeUs) return true;
  }
  return false;
}
