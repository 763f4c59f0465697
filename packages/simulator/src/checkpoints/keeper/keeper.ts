import type { Problem } from "@playhead/recording";
import { messageOf } from "../../errors.ts";
import { type CheckpointHead, CheckpointIndex, type Place, placeOf } from "../checkpoint-index.ts";
import type { CheckpointUsage, KeeperReply, KeeperRequest, PackedState } from "../messages.ts";
import type { CheckpointDisk, KeptState, StoredCheckpoint } from "./checkpoint-disk.ts";
import { KeeperSession } from "./keeper-session.ts";
import { PAGE_BYTES, PageTable } from "./page-table.ts";

export interface KeeperOptions {
  /** What checkpoints may take in memory. */
  readonly ramBytes: number;
  /** What they may take on disk. */
  readonly diskBytes: number;
  /** Whether every checkpoint goes to disk as it comes, or only what memory has no room for. */
  readonly writesAll: boolean;
  /** Opens the disk for a run, when it is first needed; undefined where there is none. */
  readonly openDisk: ((key: string, pages: PageTable) => CheckpointDisk) | undefined;
}

interface Kept {
  head: CheckpointHead;
  /** What is in memory of it. */
  state: KeptState | undefined;
  stored: StoredCheckpoint | undefined;
}

/** What a checkpoint takes beside its state. */
const HEAD_BYTES = 512;
/** From the first part of its budget on, the disk is freed down to the second. */
const FREED_FROM = 0.93;
const FREED_TO = 0.7;

/** Keeps the checkpoints of a run: in memory, on disk when there is no room, and fewer of them when there is none there either. */
export class Keeper {
  readonly #options: KeeperOptions;
  #key: string | undefined;
  #pages = this.#newPages();
  readonly #index = new CheckpointIndex();
  readonly #kept = new Map<string, Kept>();
  readonly #problems: Problem[] = [];
  #disk: CheckpointDisk | undefined;
  #writes: boolean;
  #session = new KeeperSession(this.#pages);
  #reply: (reply: KeeperReply) => void = () => {};
  /** Of the states in memory, without their pages. */
  #stateBytes = 0;
  #thinned = 0;
  #playheadUs = 0;
  /** Not on disk yet, the oldest first. */
  readonly #unwritten: Kept[] = [];
  #removed: CheckpointHead[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#writes = options.openDisk !== undefined;
  }

  /** A simulation takes over from the one before. */
  connect(reply: (reply: KeeperReply) => void): void {
    this.#session.close();
    this.#session = new KeeperSession(this.#pages);
    this.#reply = reply;
  }

  get usage(): CheckpointUsage {
    return {
      checkpoints: this.#index.heads.length,
      pages: this.#pages.pages,
      ramBytes: this.#ramBytes,
      diskBytes: this.#disk?.bytes ?? 0,
      thinned: this.#thinned,
      problems: [...this.#problems],
    };
  }

  handle(request: KeeperRequest): void {
    if (request.type === "open") this.#begin(request.key);
    else if (request.type === "add") this.#add(request.head, request.state);
    else if (request.type === "pin") this.#pin(request.place);
    else if (request.type === "load") this.#load(request.request, request.head);
    else if (request.type === "settle") {
      while (this.work());
      this.#reply({ type: "settled", request: request.request });
    } else {
      for (const head of request.heads) this.#remove(head);
      this.#tell(false);
    }
  }

  /** Does a little of what can wait. @returns whether there is more */
  work(): boolean {
    const next = this.#options.writesAll && this.#writes ? this.#unwritten[0] : undefined;
    if (next === undefined) return this.#freeDisk();
    this.#write(next);
    this.#stayWithinRam();
    return true;
  }

  close(): void {
    while (this.work());
    this.#session.close();
    this.#disk?.close();
    this.#disk = undefined;
  }

  /** Begins with a run, or goes on with it. What there is of another one is let go of. */
  #begin(key: string): void {
    if (this.#key !== undefined && this.#key !== key) {
      this.#disk?.close();
      this.#disk = undefined;
      this.#pages = this.#newPages();
      this.#session = new KeeperSession(this.#pages);
      this.#index.clear();
      this.#kept.clear();
      this.#unwritten.length = 0;
      this.#stateBytes = 0;
    }
    const begun = this.#key === key;
    this.#key = key;
    if (this.#options.writesAll && !begun) this.#open();
    this.#reply({ type: "opened", heads: [...this.#index.heads], usage: this.usage });
  }

  #newPages(): PageTable {
    return new PageTable((extent) => this.#disk?.gone(extent));
  }

  #add(head: CheckpointHead, packed: PackedState): void {
    const table = this.#session.take(packed);
    this.#playheadUs = head.nowUs;
    if (this.#index.add(head)) {
      const { body, sizes, memories } = packed;
      const kept: Kept = { head, state: { body: body.slice(), sizes, memories, table }, stored: undefined };
      for (const slot of table) {
        this.#pages.retain(slot);
        this.#pages.hold(slot);
      }
      this.#stateBytes += bytesOf(kept.state);
      this.#kept.set(placeOf(head), kept);
      if (this.#options.writesAll) this.#unwritten.push(kept);
      this.#stayWithinRam();
    }
    this.#tell(true);
  }

  #pin(place: Place): void {
    const kept = this.#kept.get(placeOf(place));
    const head = this.#index.pin(place);
    if (kept === undefined || head === undefined) return;
    kept.head = head;
    if (kept.stored === undefined) return;
    try {
      this.#disk?.pin(place);
    } catch (error) {
      if (this.#writes) this.#stopWriting(error);
    }
  }

  #load(request: number, head: CheckpointHead): void {
    this.#playheadUs = head.nowUs;
    const kept = this.#kept.get(placeOf(head));
    let state: PackedState | undefined;
    try {
      state = kept && this.#packed(kept);
    } catch (error) {
      this.#problem(
        "damaged-checkpoint",
        `a checkpoint cannot be read and is left out: ${messageOf(error)}`,
        head,
      );
      this.#remove(head);
      this.#tell(false);
    }
    this.#reply({ type: "loaded", request, state });
  }

  /** A state as the simulation takes it. @throws Error where it cannot be read */
  #packed(kept: Kept): PackedState {
    const state = kept.state ?? this.#read(kept);
    const distinct = [...new Set(state.table)].filter((slot) => !this.#pages.isInRam(slot));
    const bytes = new Map<number, Uint8Array>();
    this.#disk?.readPages(distinct, this.#pages, (slot, page) => bytes.set(slot, page));
    const { numbers, fresh, freshSlots } = this.#session.give(state.table);
    const pages = new Uint8Array(freshSlots.length * PAGE_BYTES);
    for (const [at, slot] of freshSlots.entries())
      pages.set(bytes.get(slot) ?? this.#pages.borrow(slot), at * PAGE_BYTES);
    const { sizes, memories } = state;
    return {
      body: state.body.slice(),
      sizes: sizes.slice(),
      memories,
      numbers,
      fresh: Float64Array.from(fresh),
      pages,
    };
  }

  #read(kept: Kept): KeptState {
    if (this.#disk === undefined || kept.stored === undefined)
      throw new Error("Invariant: a checkpoint is in memory or on disk");
    return this.#disk.read(kept.stored);
  }

  get #ramBytes(): number {
    return this.#pages.ramBytes + this.#stateBytes + this.#index.heads.length * HEAD_BYTES;
  }

  #stayWithinRam(): void {
    while (this.#ramBytes > this.#options.ramBytes) {
      const far = this.#farthest();
      if (far !== undefined && far.stored === undefined) this.#write(far);
      if (far?.stored !== undefined) this.#leaveMemory(far);
      else if (!this.#thin((head) => far === undefined || this.#isInMemory(head))) return;
    }
  }

  /** Of the checkpoints in memory, that which lies farthest from the playhead. */
  #farthest(): Kept | undefined {
    let found: Kept | undefined;
    let farthestUs = -1;
    for (const kept of this.#kept.values()) {
      const distanceUs = Math.abs(kept.head.nowUs - this.#playheadUs);
      if (kept.state !== undefined && distanceUs > farthestUs) [found, farthestUs] = [kept, distanceUs];
    }
    return found;
  }

  #leaveMemory(kept: Kept): void {
    if (kept.state === undefined) return;
    this.#stateBytes -= bytesOf(kept.state);
    for (const slot of kept.state.table) this.#pages.unhold(slot);
    kept.state = undefined;
  }

  #open(): void {
    if (this.#disk !== undefined || !this.#writes || this.#key === undefined) return;
    try {
      this.#disk = this.#options.openDisk?.(this.#key, this.#pages);
    } catch (error) {
      this.#stopWriting(error);
      return;
    }
    for (const { head, stored } of this.#disk?.found ?? [])
      if (this.#index.add(head)) this.#kept.set(placeOf(head), { head, state: undefined, stored });
    if (this.#disk?.replaced)
      this.#problem(
        "other-checkpoints",
        "the folder had checkpoints of another run, which have been removed",
      );
  }

  #write(kept: Kept): void {
    const at = this.#unwritten.indexOf(kept);
    if (at >= 0) this.#unwritten.splice(at, 1);
    this.#open();
    if (!this.#writes || this.#disk === undefined || kept.state === undefined || kept.stored !== undefined)
      return;
    try {
      kept.stored = this.#disk.write(kept.head, kept.state, this.#pages);
    } catch (error) {
      this.#stopWriting(error);
    }
  }

  /** What is on disk can still be read. */
  #stopWriting(error: unknown): void {
    this.#writes = false;
    this.#problem(
      "spilling-stopped",
      `checkpoints are kept in memory only from now on, and fewer of them: ${messageOf(error)}`,
    );
  }

  /** @returns whether there may be more to free */
  #freeDisk(): boolean {
    const disk = this.#disk;
    if (disk === undefined || !this.#writes || disk.bytes <= this.#options.diskBytes * FREED_FROM)
      return false;
    const isTooMuch = () => disk.liveBytes > this.#options.diskBytes * FREED_TO;
    while (isTooMuch() && this.#thin());
    try {
      const compacted = disk.compact(this.#pages);
      this.#tell(false);
      if (!compacted && isTooMuch()) throw new Error("the budget of the disk does not hold two checkpoints");
      return compacted;
    } catch (error) {
      this.#stopWriting(error);
      return false;
    }
  }

  #isInMemory(head: CheckpointHead): boolean {
    return this.#kept.get(placeOf(head))?.state !== undefined;
  }

  #thin(among: (head: CheckpointHead) => boolean = () => true): boolean {
    const victim = this.#index.leastUseful(this.#playheadUs, among);
    if (victim === undefined) return false;
    this.#remove(victim);
    this.#thinned++;
    return true;
  }

  #remove(head: CheckpointHead): void {
    const kept = this.#kept.get(placeOf(head));
    if (kept === undefined) return;
    this.#index.remove(head);
    this.#kept.delete(placeOf(head));
    this.#removed.push(head);
    const at = this.#unwritten.indexOf(kept);
    if (at >= 0) this.#unwritten.splice(at, 1);
    let table = kept.state?.table;
    try {
      table ??= this.#read(kept).table;
    } catch {
      // What it refers to stays, as nobody can tell what that is.
    }
    this.#leaveMemory(kept);
    try {
      if (kept.stored !== undefined) this.#disk?.drop(head, kept.stored);
    } catch (error) {
      if (this.#writes) this.#stopWriting(error);
    }
    for (const slot of table ?? []) this.#pages.release(slot);
  }

  #tell(taken: boolean): void {
    const removed = this.#removed;
    this.#removed = [];
    this.#reply({ type: "changed", taken, removed, usage: this.usage });
  }

  #problem(code: string, message: string, head?: CheckpointHead): void {
    this.#problems.push({ code, message, sensor: undefined, timeUs: head?.nowUs });
  }
}

function bytesOf(state: KeptState | undefined): number {
  if (state === undefined) return 0;
  return state.body.length + state.sizes.byteLength + state.table.byteLength;
}
