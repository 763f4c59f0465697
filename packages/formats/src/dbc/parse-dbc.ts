import type { ProblemList } from "../problem-list.ts";
import type { DbcMessage } from "./signal.ts";
import { type RawSignal, readSignal, resolveSignals, type SignalNotes } from "./signal-text.ts";
import { DbcError, TokenReader } from "./token-reader.ts";
import { tokensOf } from "./tokens.ts";

const EXTENDED_FLAG = 0x80000000;
const ID_MASK = 0x1fffffff;
/** Holds signals that belong to no message. */
const NO_MESSAGE = "VECTOR__INDEPENDENT_SIG_MSG";
const MOST_DATA_BYTES = 64;

interface RawMessage extends Omit<DbcMessage, "signals"> {
  readonly signals: RawSignal[];
}

/**
 * The messages of a DBC file, those of other buses than CAN left out. A statement that is not understood becomes a problem; what is not needed to
 * decode frames (nodes, comments, attributes) is passed over. `where` names the file.
 */
export function parseDbc(text: string, where: string, problems: ProblemList): readonly DbcMessage[] {
  const reader = new TokenReader(tokensOf(text));
  const messages = new Map<number, RawMessage>();
  const notes: SignalNotes = { texts: new Map(), types: new Map(), selections: new Map() };
  let current: RawMessage | undefined;
  while (reader.next !== undefined) {
    const { line } = reader.next;
    try {
      const statement = nextStatement(reader);
      if (statement === "BO_") {
        current = undefined;
        const { key, message } = readMessage(reader);
        current = message;
        if (message.name !== NO_MESSAGE) messages.set(key, message);
      } else if (statement === "SG_") current?.signals.push(readSignal(reader));
      else if (statement === "VAL_") readTexts(reader, notes);
      else if (statement === "SIG_VALTYPE_") readType(reader, notes);
      else if (statement === "SG_MUL_VAL_") readSelection(reader, notes);
    } catch (error) {
      if (!(error instanceof DbcError)) throw error;
      problems.add(
        "malformed-line",
        `${where}, line ${error.line || line}: ${error.message}; it is left out`,
      );
    }
  }
  return Array.from(messages, ([key, message]) => ({
    ...message,
    signals: resolveSignals(key, message.signals, notes, (reason) =>
      problems.add("malformed-line", `${where}, message ${message.name}: ${reason}`),
    ),
  }));
}

const STATEMENTS: ReadonlySet<string> = new Set(["BO_", "SG_", "VAL_", "SIG_VALTYPE_", "SG_MUL_VAL_"]);

/** Goes behind the first word of the next statement that matters. Such words also stand in the list of new symbols, without anything behind. */
function nextStatement(reader: TokenReader): string {
  for (let token = reader.next; token !== undefined; token = reader.next) {
    reader.skip();
    if (!token.isFirst || token.kind !== "word" || !STATEMENTS.has(token.value)) continue;
    if (reader.next !== undefined && !reader.next.isFirst) return token.value;
  }
  return "";
}

/** `BO_ 170 WHEEL_SPEEDS: 8 BRAKES` */
function readMessage(reader: TokenReader): { key: number; message: RawMessage } {
  const key = reader.whole("a message's number");
  const name = reader.word("a message's name");
  reader.mark(":");
  const line = reader.next?.line ?? 1;
  const lengthBytes = reader.whole("a length in bytes");
  if (lengthBytes > MOST_DATA_BYTES && name !== NO_MESSAGE)
    throw new DbcError(`a length of at most ${MOST_DATA_BYTES} bytes`, undefined, line);
  const isExtended = key >= EXTENDED_FLAG;
  return { key, message: { name, id: (key & ID_MASK) >>> 0, isExtended, lengthBytes, signals: [] } };
}

/** `VAL_ 956 GEAR 0 "D" 1 "S" ;` Those of environment variables have no message's number. */
function readTexts(reader: TokenReader, { texts }: SignalNotes): void {
  if (reader.next?.kind !== "number") return;
  const key = `${reader.whole("a message's number")} ${reader.word("a signal's name")}`;
  const found = new Map<number, string>();
  while (!reader.hasMark(";")) found.set(reader.number("a value"), reader.text("its name"));
  texts.set(key, found);
}

/** `SIG_VALTYPE_ 1024 Temperature : 1;` */
function readType(reader: TokenReader, { types }: SignalNotes): void {
  const key = `${reader.whole("a message's number")} ${reader.word("a signal's name")}`;
  reader.hasMark(":");
  types.set(key, reader.whole("0, 1 for 32 bit, or 2 for 64 bit"));
}

/** `SG_MUL_VAL_ 1024 Temperature Switch 0-0, 2-5;` */
function readSelection(reader: TokenReader, { selections }: SignalNotes): void {
  const key = `${reader.whole("a message's number")} ${reader.word("a signal's name")}`;
  const by = reader.word("the name of a multiplexor");
  const ranges: [number, number][] = [];
  do {
    const first = reader.whole("a first value");
    // The pieces of `0-5` are 0 and −5, those of `0 - 5` are 0, a mark and 5.
    const last = reader.hasMark("-") ? reader.whole("a last value") : -reader.number("a last value");
    ranges.push([first, Math.abs(last)]);
  } while (reader.hasMark(","));
  selections.set(key, { by, ranges });
}
