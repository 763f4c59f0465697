import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type CheckpointHead, CheckpointIndex, type Place, placeOf } from "../checkpoint-index.ts";
import type { PackedState } from "../messages.ts";
import { type Extent, type ExtentPlace, Extents } from "./extents.ts";
import type { Files } from "./files.ts";
import { PAGE_BYTES, type PageTable, ZERO_SLOT } from "./page-table.ts";
import { RecordLog } from "./record-log.ts";

/** Pages that are compressed together. */
const EXTENT_PAGES = 16;
const KEY_BYTES = 16;
/** Of a state but its pages, uncompressed. */
const MOST_BODY_BYTES = 1024 ** 3;
const FORMAT = 1;
/** The log is written anew when so much of it is of no use, beside what is, and more than this part of a segment. */
const MOST_WASTE = 1 / 4;
const LEAST_WASTE = 1 / 8;

/** A checkpoint without the bytes of its pages. */
export interface KeptState extends Pick<PackedState, "body" | "sizes" | "memories"> {
  /** Slots of its pages. */
  readonly table: Uint32Array;
}

/** Where a checkpoint lies on disk: its record in the log, and the extent of its body. */
export interface StoredCheckpoint {
  offset: number;
  length: number;
  readonly body: number;
}

interface CheckpointRecord {
  readonly type: "checkpoint";
  readonly head: CheckpointHead;
  readonly sizes: Float64Array;
  readonly memories: number;
  /** Extents that no record before has told of. */
  readonly extents: readonly ExtentPlace[];
  /** Pages that no record before has told of, and for each its key, its extent, and which page of that it is. */
  readonly slots: Uint32Array;
  readonly keys: Uint8Array;
  readonly slotExtents: Float64Array;
  readonly slotPlaces: Uint8Array;
  readonly body: number;
  /** Slots of all pages, compressed. */
  readonly table: Uint8Array;
}

type DiskRecord =
  | CheckpointRecord
  | { readonly type: "run"; readonly format: number; readonly key: string }
  | { readonly type: "drop"; readonly head: CheckpointHead }
  | { readonly type: "pin"; readonly place: Place }
  | { readonly type: "move"; readonly places: readonly ExtentPlace[] };

/**
 * Checkpoints in a folder: their pages compressed in segment files, and a log of which there are. A checkpoint is there once its record is: the
 * process can be killed at any moment. Nothing is forced onto the medium but when the folder is closed, so that after a power failure the
 * last ones may be missing; checksums tell.
 */
export class CheckpointDisk {
  /** Whether there were checkpoints of another run, which are gone now. */
  replaced = false;
  readonly #key: string;
  readonly #segmentBytes: number;
  readonly #log: RecordLog;
  readonly #extents: Extents;
  readonly #index = new CheckpointIndex();
  readonly #stored = new Map<string, StoredCheckpoint>();
  /** Bytes of the records of checkpoints that are there. */
  #recordBytes = 0;

  /** @param key of the run: what another run left is removed. @param pages where pages that were found are put */
  constructor(folder: string, key: string, segmentBytes: number, files: Files, pages: PageTable) {
    mkdirSync(folder, { recursive: true });
    this.#key = key;
    this.#segmentBytes = segmentBytes;
    const places = new Map<number, ExtentPlace>();
    const tables = new Map<string, Uint8Array>();
    this.#log = RecordLog.open(join(folder, "checkpoints.log"), files, ({ offset, length, data }) => {
      const record = data as DiskRecord;
      if (offset === 0) return this.#isOfRun(record);
      if (record.type === "checkpoint") {
        for (const place of record.extents) places.set(place[0], place);
        recoverPages(record, pages);
        this.#index.add(record.head);
        this.#stored.set(placeOf(record.head), { offset, length, body: record.body });
        tables.set(placeOf(record.head), record.table);
      } else if (record.type === "drop") {
        this.#index.remove(record.head);
        this.#stored.delete(placeOf(record.head));
      } else if (record.type === "pin") this.#index.pin(record.place);
      else if (record.type === "move") for (const place of record.places) places.set(place[0], place);
      return true;
    });
    if (this.#log.bytes === 0) this.#log.append(this.#runRecord());
    this.#extents = new Extents(folder, files, segmentBytes, places.values());
    for (const { head, stored } of this.found) {
      const table = tables.get(placeOf(head));
      if (table === undefined || !this.#extents.has(stored.body)) {
        this.#index.remove(head);
        this.#stored.delete(placeOf(head));
        continue;
      }
      this.#extents.want(stored.body);
      this.#recordBytes += stored.length;
      for (const slot of inflated(table)) pages.retain(slot);
    }
    if (places.size > 0) pages.recovered();
    for (const extent of pages.extents()) this.#extents.want(extent);
    this.#extents.recovered();
  }

  /** The checkpoints that are there, in order. */
  get found(): { readonly head: CheckpointHead; readonly stored: StoredCheckpoint }[] {
    return this.#index.heads.flatMap((head) => {
      const stored = this.#stored.get(placeOf(head));
      return stored === undefined ? [] : [{ head, stored }];
    });
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.#log.bytes + this.#extents.bytes;
  }

  /** Bytes of all files when they have been compacted. */
  get liveBytes(): number {
    return this.#recordBytes + this.#extents.liveBytes;
  }

  /** Writes a checkpoint, with those of its pages that are not on disk. @throws the file system's error; then nothing is there */
  write(
    head: CheckpointHead,
    { body, sizes, memories, table }: KeptState,
    pages: PageTable,
  ): StoredCheckpoint {
    const slots = newSlots(table, pages);
    const groups = groupsOf(slots);
    const extents = this.#extents.write([
      ...groups.map((group) => ({
        bytes: Buffer.concat(group.map((slot) => pages.borrow(slot))),
        live: group.length,
      })),
      { bytes: body, live: 1 },
    ]);
    const bodyExtent = extents.at(-1) as Extent;
    try {
      const record = this.#log.append({
        type: "checkpoint",
        head,
        sizes,
        memories,
        extents: extents.map(extentPlace),
        slots: Uint32Array.from(slots),
        keys: Buffer.concat(slots.map((slot) => pages.key(slot))),
        slotExtents: Float64Array.from(slots, (_, at) => extents[Math.floor(at / EXTENT_PAGES)]?.id ?? 0),
        slotPlaces: Uint8Array.from(slots, (_, at) => at % EXTENT_PAGES),
        body: bodyExtent.id,
        table: deflateRawSync(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), { level: 1 }),
      } satisfies DiskRecord);
      for (const [at, group] of groups.entries())
        for (const [place, slot] of group.entries()) pages.stored(slot, extents[at]?.id ?? 0, place);
      const stored = { ...record, body: bodyExtent.id };
      this.#index.add(head);
      this.#stored.set(placeOf(head), stored);
      this.#recordBytes += stored.length;
      return stored;
    } catch (error) {
      for (const { id, live } of extents) for (let i = live; i > 0; i--) this.#extents.unwant(id);
      throw error;
    }
  }

  /** @throws Error where it is damaged */
  read(stored: StoredCheckpoint): KeptState {
    const record = this.#log.read(stored) as CheckpointRecord;
    const body = this.#extents.read(stored.body, MOST_BODY_BYTES);
    return { body, sizes: record.sizes, memories: record.memories, table: inflated(record.table) };
  }

  /** Calls with the bytes of each page, in any order. @throws Error where one is damaged */
  readPages(
    slots: readonly number[],
    pages: PageTable,
    found: (slot: number, bytes: Uint8Array) => void,
  ): void {
    const byExtent = new Map<number, number[]>();
    for (const slot of slots) {
      const extent = pages.extentOf(slot) ?? 0;
      const wanted = byExtent.get(extent);
      if (wanted === undefined) byExtent.set(extent, [slot]);
      else wanted.push(slot);
    }
    for (const [extent, wanted] of byExtent) {
      const bytes = this.#extents.read(extent, EXTENT_PAGES * PAGE_BYTES);
      for (const slot of wanted) {
        const at = pages.placeOf(slot) * PAGE_BYTES;
        const page = bytes.subarray(at, at + PAGE_BYTES);
        if (page.length < PAGE_BYTES || !pages.matches(slot, page))
          throw new Error(`a page of extent ${extent} is not what was written`);
        found(slot, page);
      }
    }
  }

  /** The checkpoint is not there any more. */
  drop(head: CheckpointHead, { body, length }: StoredCheckpoint): void {
    this.#log.append({ type: "drop", head } satisfies DiskRecord);
    this.#index.remove(head);
    this.#stored.delete(placeOf(head));
    this.#recordBytes -= length;
    this.#extents.unwant(body);
  }

  /** Others are let go of before this one, also when the folder is opened again. @throws the file system's error */
  pin(place: Place): void {
    this.#log.append({ type: "pin", place } satisfies DiskRecord);
    this.#index.pin(place);
  }

  /** A page of the extent is not there any more. */
  gone(extent: number): void {
    this.#extents.unwant(extent);
  }

  /** Gives space back to the file system. @returns false where there is none to give back */
  compact(pages: PageTable): boolean {
    if (this.#log.bytes > (1 + MOST_WASTE) * this.#recordBytes + LEAST_WASTE * this.#segmentBytes) {
      this.#rewriteLog(pages);
      return true;
    }
    const moved = this.#extents.compact();
    if (moved === undefined) return false;
    if (moved.length > 0)
      this.#log.append({ type: "move", places: moved.map(extentPlace) } satisfies DiskRecord);
    this.#extents.removeEmpty();
    return true;
  }

  /** Leaves out what was dropped and moved. */
  #rewriteLog(pages: PageTable): void {
    const toldSlots = new Set([ZERO_SLOT]);
    const toldExtents = new Set<number>();
    const moved: (() => void)[] = [];
    let bytes = 0;
    this.#log.replace((log) => {
      log.append(this.#runRecord());
      for (const { head, stored } of this.found) {
        const record = this.#log.read(stored) as CheckpointRecord;
        const slots = [...new Set(inflated(record.table))].filter((slot) => !toldSlots.has(slot));
        const slotExtents = Float64Array.from(slots, (slot) => pages.extentOf(slot) ?? 0);
        const extents = [...new Set([...slotExtents, record.body])].filter(
          (extent) => !toldExtents.has(extent),
        );
        for (const slot of slots) toldSlots.add(slot);
        for (const extent of extents) toldExtents.add(extent);
        const place = log.append({
          ...record,
          head,
          extents: extents.map((id) => extentPlace(this.#extents.get(id))),
          slots: Uint32Array.from(slots),
          keys: Buffer.concat(slots.map((slot) => pages.key(slot))),
          slotExtents,
          slotPlaces: Uint8Array.from(slots, (slot) => pages.placeOf(slot)),
        } satisfies DiskRecord);
        bytes += place.length;
        moved.push(() => Object.assign(stored, place));
      }
    });
    for (const move of moved) move();
    this.#recordBytes = bytes;
  }

  #runRecord(): DiskRecord {
    return { type: "run", format: FORMAT, key: this.#key };
  }

  #isOfRun(record: DiskRecord): boolean {
    const same = record.type === "run" && record.format === FORMAT && record.key === this.#key;
    this.replaced = !same;
    return same;
  }

  close(): void {
    this.#extents.sync();
    this.#log.sync();
    this.#extents.close();
    this.#log.close();
  }
}

function extentPlace({ id, segment, offset, length }: Extent): ExtentPlace {
  return [id, segment, offset, length];
}

function recoverPages(record: CheckpointRecord, pages: PageTable): void {
  for (const [at, slot] of record.slots.entries()) {
    const key = Buffer.from(record.keys.subarray(at * KEY_BYTES, (at + 1) * KEY_BYTES));
    pages.recover(slot, key, record.slotExtents[at] ?? 0, record.slotPlaces[at] ?? 0);
  }
}

/** The slots of a table. */
function inflated(table: Uint8Array): Uint32Array {
  const bytes = inflateRawSync(table, { maxOutputLength: MOST_BODY_BYTES });
  return new Uint32Array(Uint8Array.prototype.slice.call(bytes).buffer);
}

/** Slots of pages that are not on disk yet, each once. */
function newSlots(table: Uint32Array, pages: PageTable): number[] {
  const slots = new Set<number>();
  for (const slot of table) if (slot !== ZERO_SLOT && pages.extentOf(slot) === undefined) slots.add(slot);
  return [...slots];
}

function groupsOf(slots: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(slots.length / EXTENT_PAGES) }, (_, at) =>
    slots.slice(at * EXTENT_PAGES, (at + 1) * EXTENT_PAGES),
  );
}
