import { WacError, type WacErrorDetails } from "../errors.ts";
import type { Range, Source } from "../source.ts";

/** Files one after the other, so that one range tells file and place. */
export class JoinedSource {
  readonly #files: readonly Source[];
  readonly #starts: readonly number[];
  readonly text: string;

  constructor(files: readonly Source[]) {
    this.#files = files;
    let at = 0;
    this.#starts = files.map(({ text }) => {
      const start = at;
      at += text.length + 1;
      return start;
    });
    this.text = files.map(({ text }) => text).join("\n");
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** An error in the joined text as one in the file that it is in. */
  locate(error: WacError): WacError {
    return this.#locate(
      error,
      error.others.map((other) => this.#locate(other, [])),
    );
  }

  #locate(error: WacError, others: readonly WacError[]): WacError {
    const { index, start, end } = this.#fileAt(error.range.start);
    const shift = (range: Range): Range => ({ start: range.start - start, end: range.end - start });
    const { code, message, label, expected, found, notes, hints, cause } = error;
    const related = error.related.filter(({ range }) => range.start >= start && range.start < end);
    const details: WacErrorDetails = {
      ...{ code, message, label, expected, found, notes, hints, cause },
      range: shift(error.range),
      related: related.map((place) => ({ ...place, range: shift(place.range) })),
    };
    return new WacError(this.#files[index] ?? { file: error.file, text: "" }, details, others);
  }

  #fileAt(offset: number): { readonly index: number; readonly start: number; readonly end: number } {
    let index = 0;
    while (this.startOf(index + 1) > 0 && this.startOf(index + 1) <= offset) {
      index++;
    }
    const start = this.startOf(index);
    return { index, start, end: start + (this.#files[index]?.text.length ?? 0) + 1 };
  }
}
