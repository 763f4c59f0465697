/** A longer line is cut, so that a guest that never ends its lines cannot fill the memory. Bytes. */
const LONGEST_LINE = 4096;
const NEWLINE = 10;
const decoder = new TextDecoder();

/** Cuts what a guest writes into lines of text. Bytes that are not UTF-8 become U+FFFD. */
export class OutputLines {
  readonly #print: (line: string) => void;
  /** The beginning of a line that has not ended. */
  #pending = new Uint8Array(0);

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Saved as the values of the bytes. */
  get state(): number[] {
    return [...this.#pending];
  }

  set state(bytes: readonly number[]) {
    this.#pending = Uint8Array.from(bytes);
  }

  write(bytes: Uint8Array): void {
    let rest = joined(this.#pending, bytes);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#emit(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.#pending = rest.slice(this.#emitPieces(rest));
  }

  /** Prints a line that was begun and not ended. */
  finish(): void {
    if (this.#pending.length === 0) return;
    this.#emit(this.#pending);
    this.#pending = new Uint8Array(0);
  }

  #emit(line: Uint8Array): void {
    const at = this.#emitPieces(line);
    const text = decoder.decode(line.subarray(at));
    this.#print(text.endsWith("\r") ? text.slice(0, -1) : text);
  }

  /** Prints the pieces of a line that is too long and says where the last one begins. */
  #emitPieces(line: Uint8Array): number {
    let at = 0;
    while (line.length - at > LONGEST_LINE) {
      const end = characterStart(line, at + LONGEST_LINE);
      this.#print(decoder.decode(line.subarray(at, end)));
      at = end;
    }
    return at;
  }
}

function joined(first: Uint8Array<ArrayBuffer>, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}

/** The start of the UTF-8 character that the byte belongs to. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > at - 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
