import { basename } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import { FileBytes } from "../file-bytes.ts";
import { mergeSegments } from "../merge-segments.ts";
import { ProblemList } from "../problem-list.ts";
import type { Segment } from "../segment.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { type Emit, LineError, type TextDialect, type TextEntry } from "./dialect.ts";
import { type LineBlock, type LineOptions, MOST_LINE_BYTES, readLineBlocks } from "./line-blocks.ts";

export interface TextSourceOptions extends Partial<LineOptions> {
  /** What the format is called: `candump log`. */
  readonly format: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly problems?: ProblemList;
  readonly signal?: AbortSignal | undefined;
}

/** Lines that can be read again: where they are, and what those before them leave behind. */
interface Passage<State> {
  readonly start: number;
  readonly end: number;
  readonly firstLine: number;
  readonly state: State;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  readonly isLast: boolean;
}

/**
 * Opens a text of lines. It is read through once for its channels and times, so messages need not stand in order; when messages are asked for, it
 * is read again, passage by passage. Throws a RecordingError where there is no message in it.
 */
export async function openText<State>(
  path: string,
  dialect: TextDialect<State>,
  options: TextSourceOptions,
): Promise<MessageSource> {
  const file = await FileBytes.open(path);
  try {
    const source = new TextSource(file, dialect, options);
    await source.scan(options.signal);
    return source;
  } catch (error) {
    await file.close();
    throw error;
  }
}

class TextSource<State> implements MessageSource {
  readonly name: string;
  readonly format: string;
  readonly channels: ChannelDeclaration[] = [];
  readonly metadata: Readonly<Record<string, string>>;
  readonly #file: FileBytes;
  readonly #dialect: TextDialect<State>;
  readonly #lineOptions: LineOptions;
  readonly #problems: ProblemList;
  readonly #numbers = new Map<string, number>();
  readonly #passages: Passage<State>[] = [];
  #passagesRead = 0;

  constructor(file: FileBytes, dialect: TextDialect<State>, options: TextSourceOptions) {
    this.#file = file;
    this.#dialect = dialect;
    this.#lineOptions = { encoding: options.encoding ?? "latin1", quoted: options.quoted ?? false };
    this.#problems = options.problems ?? new ProblemList();
    this.name = basename(file.path);
    this.format = options.format;
    this.metadata = options.metadata ?? {};
  }

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  get share(): number {
    return Math.min(1, this.#passagesRead / Math.max(1, this.#passages.length));
  }

  async scan(signal: AbortSignal | undefined): Promise<void> {
    let state = this.#dialect.begin();
    for await (const block of readLineBlocks(this.#file, this.#lineOptions)) {
      signal?.throwIfAborted();
      const before = structuredClone(state);
      const span = new Span();
      const emit = (entry: TextEntry): void => {
        this.#numberOf(entry);
        span.add(entry.timeNs);
      };
      const isLast = block.end >= this.#file.sizeBytes;
      state = this.#run(block, state, emit, isLast);
      const { start, end, firstLine } = block;
      if (span.firstNs !== undefined && span.lastNs !== undefined)
        this.#passages.push({ start, end, firstLine, state: before, isLast, ...span.both() });
    }
    if (this.#passages.length > 0) return;
    const found = this.problems[0]?.message ?? "none";
    const where = this.#file.path;
    throw new RecordingError("damaged", { expected: `lines of the format ${this.format}`, found, where });
  }

  messages(signal?: AbortSignal): AsyncIterable<readonly SourceMessage[]> {
    this.#passagesRead = 0;
    const segments = this.#passages.map((passage): Segment => {
      const { firstNs, lastNs } = passage;
      return { firstNs, lastNs, read: () => this.#read(passage) };
    });
    return mergeSegments(segments, this.#problems, signal);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read({ start, end, firstLine, state, isLast }: Passage<State>): Promise<readonly SourceMessage[]> {
    this.#passagesRead++;
    const messages: SourceMessage[] = [];
    const emit = (entry: TextEntry): void => {
      const { timeNs } = entry;
      const channel = this.#numbers.get(entry.key);
      if (channel === undefined) return;
      messages.push({ channel, logTimeNs: timeNs, publishTimeNs: timeNs, data: entry.write() });
    };
    let current = structuredClone(state);
    for await (const block of readLineBlocks(this.#file, this.#lineOptions, start, end, firstLine))
      current = this.#run(block, current, emit, isLast && block.end >= end);
    return messages;
  }

  #run(block: LineBlock, state: State, emit: Emit, isLast: boolean): State {
    let lineNumber = block.firstLine;
    for (const line of block.lines) {
      if (line === undefined) this.#reject(lineNumber, TOO_LONG);
      else this.#attempt(lineNumber, () => this.#dialect.readLine(line, state, emit));
      lineNumber += 1 + (line !== undefined && this.#lineOptions.quoted ? line.split("\n").length - 1 : 0);
    }
    if (isLast) this.#attempt(lineNumber - 1, () => this.#dialect.end?.(state, emit));
    return state;
  }

  #attempt(lineNumber: number, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      this.#reject(lineNumber, error.message);
    }
  }

  #reject(lineNumber: number, reason: string): void {
    this.#problems.add("malformed-line", `${this.#file.path}, line ${lineNumber}: ${reason}; it is left out`);
  }

  #numberOf(entry: TextEntry): void {
    if (this.#numbers.has(entry.key)) return;
    if (this.channels.length >= MOST_CHANNELS) {
      throw new LineError(`at most ${MOST_CHANNELS} channels`, "more");
    }
    this.#numbers.set(entry.key, this.channels.length);
    this.channels.push(entry.declare());
  }
}

const TOO_LONG = `expected a line of at most ${MOST_LINE_BYTES} bytes, found more`;

/** More is no recording but damage. */
const MOST_CHANNELS = 4096;

class Span {
  firstNs: bigint | undefined;
  lastNs: bigint | undefined;

  add(timeNs: bigint): void {
    if (this.firstNs === undefined || timeNs < this.firstNs) this.firstNs = timeNs;
    if (this.lastNs === undefined || timeNs > this.lastNs) this.lastNs = timeNs;
  }

  both(): { firstNs: bigint; lastNs: bigint } {
    return { firstNs: this.firstNs ?? 0n, lastNs: this.lastNs ?? 0n };
  }
}
