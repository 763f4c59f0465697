import type { FileBytes } from "../../file-bytes.ts";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/**
 * Where the newest committed content of each page lies in a write-ahead log, which a program that is ended early leaves beside its database.
 * Frames behind the last commit, or whose checksum is wrong, do not count. Source: SQLite's file format, section 4.
 */
export async function readWriteAheadLog(log: FileBytes, pageBytes: number): Promise<Map<number, number>> {
  const header = await log.readUpTo(0, HEADER_BYTES);
  const view = new DataView(header.buffer);
  const magic = header.length < HEADER_BYTES ? 0 : view.getUint32(0);
  if ((magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) || view.getUint32(8) !== pageBytes) return new Map();
  const sum = new Checksum(magic === MAGIC_LITTLE);
  sum.add(view, 0, 24);
  if (!sum.is(view, 24)) return new Map();
  const salts = [view.getUint32(16), view.getUint32(20)];
  const committed = new Map<number, number>();
  let pending = new Map<number, number>();
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (let offset = HEADER_BYTES; offset + frameBytes <= log.sizeBytes; offset += frameBytes) {
    const frame = await log.readUpTo(offset, frameBytes);
    if (frame.length < frameBytes) break;
    const frameView = new DataView(frame.buffer);
    sum.add(frameView, 0, 8);
    sum.add(frameView, FRAME_HEADER_BYTES, frameBytes);
    const isOfThisLog = frameView.getUint32(8) === salts[0] && frameView.getUint32(12) === salts[1];
    if (!isOfThisLog || !sum.is(frameView, 16)) break;
    pending.set(frameView.getUint32(0), offset + FRAME_HEADER_BYTES);
    if (frameView.getUint32(4) === 0) continue;
    for (const [page, place] of pending) committed.set(page, place);
    pending = new Map();
  }
  return committed;
}

/** The log's checksum: two sums that take in each other. */
class Checksum {
  readonly #littleEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  /** Takes in the bytes from `start` to `end`, a multiple of eight. */
  add(view: DataView, start: number, end: number): void {
    for (let place = start; place < end; place += 8) {
      this.#first = (this.#first + view.getUint32(place, this.#littleEndian) + this.#second) >>> 0;
      this.#second = (this.#second + view.getUint32(place + 4, this.#littleEndian) + this.#first) >>> 0;
    }
  }

  /** Whether this is the sum that is written there. */
  is(view: DataView, place: number): boolean {
    return view.getUint32(place) === this.#first && view.getUint32(place + 4) === this.#second;
  }
}
