import type { FileBytes } from "../file-bytes.ts";
import type { ProblemList } from "../problem-list.ts";

/** Where a picture lies in a file. */
export interface PicturePlace {
  readonly offset: number;
  readonly length: number;
}

const WINDOW_BYTES = 1024 * 1024;
/** A picture without an end for so long is damage. */
const MOST_PICTURE_BYTES = 256 * 1024 * 1024;

const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * Finds the JPEG pictures in a file by their markers (ITU T.81, annex B), so that pictures inside of pictures, as cameras put into their headers,
 * are no pictures of the stream. What is not whole becomes a problem, and the search goes on behind its start.
 */
export async function findPictures(
  file: FileBytes,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<readonly PicturePlace[]> {
  const bytes = new Window(file);
  const places: PicturePlace[] = [];
  for (let place = 0; place < file.sizeBytes; ) {
    signal?.throwIfAborted();
    const start = await nextStart(bytes, place);
    if (start === undefined) break;
    const end = await endOfPicture(bytes, start);
    if (typeof end === "number") places.push({ offset: start, length: end - start });
    else
      problems.add("damaged-picture", `${file.path}, byte ${start}: ${end.reason}; the picture is left out`);
    place = typeof end === "number" ? end : start + 2;
  }
  return places;
}

async function nextStart(bytes: Window, from: number): Promise<number | undefined> {
  for (let place = from; ; ) {
    const found = await bytes.find(place, MARKER);
    if (found === undefined) return undefined;
    if ((await bytes.at(found + 1)) === START_OF_IMAGE && (await bytes.at(found + 2)) === MARKER)
      return found;
    place = found + 1;
  }
}

interface Damage {
  readonly reason: string;
}

/** The place behind a picture's end. */
async function endOfPicture(bytes: Window, start: number): Promise<number | Damage> {
  let place = start + 2;
  while (place - start < MOST_PICTURE_BYTES) {
    const [first, code] = [await bytes.at(place), await bytes.at(place + 1)];
    if (first === undefined || code === undefined)
      return { reason: "expected its end, found the end of the file" };
    if (first !== MARKER)
      return { reason: `expected a marker at byte ${place}, found 0x${first.toString(16)}` };
    if (code === END_OF_IMAGE) return place + 2;
    if (code === MARKER) place++;
    else if (isAlone(code)) place += 2;
    else {
      const [high, low] = [await bytes.at(place + 2), await bytes.at(place + 3)];
      if (high === undefined || low === undefined)
        return { reason: "expected its end, found the end of the file" };
      place += 2 + ((high << 8) | low);
      if (code === START_OF_SCAN) place = (await endOfScan(bytes, place)) ?? bytes.size;
    }
  }
  return { reason: `expected at most ${MOST_PICTURE_BYTES} bytes, found more` };
}

/** Markers without a length: restarts, TEM. */
function isAlone(code: number): boolean {
  return (code >= 0xd0 && code <= 0xd7) || code === 0x01;
}

/** The next marker in coded data that is no restart; a zero behind 0xFF says that it is no marker. */
async function endOfScan(bytes: Window, from: number): Promise<number | undefined> {
  for (let place = from; ; ) {
    const found = await bytes.find(place, MARKER);
    if (found === undefined) return undefined;
    const code = await bytes.at(found + 1);
    if (code !== undefined && code !== 0 && code !== MARKER && !isAlone(code)) return found;
    place = found + 1;
  }
}

/** A part of the file in memory. */
class Window {
  readonly size: number;
  readonly #file: FileBytes;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(file: FileBytes) {
    this.#file = file;
    this.size = file.sizeBytes;
  }

  /** Undefined behind the end. */
  async at(place: number): Promise<number | undefined> {
    if (place >= this.size) return undefined;
    if (place < this.#start || place >= this.#start + this.#bytes.length) await this.#move(place);
    return this.#bytes[place - this.#start];
  }

  /** The first place at or behind `from` with this byte. */
  async find(from: number, byte: number): Promise<number | undefined> {
    for (let place = from; place < this.size; place = this.#start + this.#bytes.length) {
      if ((await this.at(place)) === undefined) return undefined;
      const found = this.#bytes.indexOf(byte, place - this.#start);
      if (found >= 0) return this.#start + found;
    }
    return undefined;
  }

  async #move(place: number): Promise<void> {
    this.#bytes = await this.#file.readUpTo(place, WINDOW_BYTES);
    this.#start = place;
  }
}
