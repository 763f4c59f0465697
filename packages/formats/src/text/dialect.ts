import type { ChannelDeclaration } from "@playhead/recording";

/** A message that a text tells of. */
export interface TextEntry {
  /** Of its channel: the same key stands for the same channel. */
  readonly key: string;
  /** Asked for once for each key. */
  declare(): ChannelDeclaration;
  /** ns since the Unix epoch. */
  readonly timeNs: bigint;
  /** The message's bytes; asked for only where they are needed. */
  write(): Uint8Array;
}

export type Emit = (entry: TextEntry) => void;

/** How the lines of one format become messages. */
export interface TextDialect<State> {
  /** What lines before them leave behind: plain data, copied where reading may begin again. */
  begin(): State;
  /** Takes one line. Throws a LineError for one that is none of the format. */
  readLine(line: string, state: State, emit: Emit): void;
  /** Behind the last line. */
  end?(state: State, emit: Emit): void;
}

/** A line that is not what its format says. */
export class LineError extends Error {
  override readonly name = "LineError";

  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
  }
}

const MOST_SHOWN = 80;

/** Text of a file, for an error. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
