/**
 * Which segments have been read without a complaint: their CRCs need not be checked again while the file is the same. Reading a gigabyte takes less
 * time than its CRC.
 */
export class CheckedSegments {
  /** A byte for each segment, by place. */
  readonly #marks: Uint8Array;
  #isChanged = false;

  /** `marks` as `marks()` gave them. */
  constructor(segments: number, marks?: Uint8Array) {
    this.#marks = marks?.length === segments ? marks : new Uint8Array(segments);
  }

  /** Whether there are more than at first. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  has(place: number): boolean {
    return this.#marks[place] === CHECKED;
  }

  add(place: number): void {
    if (this.#marks[place] === CHECKED) return;
    this.#marks[place] = CHECKED;
    this.#isChanged = true;
  }

  marks(): Uint8Array {
    return this.#marks;
  }
}

/** No byte that damage would leave. */
const CHECKED = 0xa5;
