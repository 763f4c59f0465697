import type { DbcSignal, Selection } from "./signal.ts";
import { DbcError, type TokenReader } from "./token-reader.ts";

/** A signal as its own line tells it. */
export interface RawSignal {
  readonly name: string;
  /** `M`, `m3`, `m3M`, or nothing. */
  readonly multiplexing: string;
  readonly start: number;
  readonly length: number;
  readonly isLittleEndian: boolean;
  readonly isSigned: boolean;
  readonly factor: number;
  readonly offset: number;
  readonly unit: string;
}

/** What other lines tell of signals, by the message's number and the signal's name. */
export interface SignalNotes {
  readonly texts: Map<string, ReadonlyMap<number, string>>;
  readonly types: Map<string, number>;
  readonly selections: Map<string, Selection>;
}

/** `SG_ WHEEL_SPEED_FR m0 : 6|15@0+ (0.01,-67.67) [0|0] "km/h" AFS,BSR` */
export function readSignal(reader: TokenReader): RawSignal {
  const name = reader.word("a signal's name");
  const line = reader.next?.line ?? 1;
  const multiplexing = reader.next?.kind === "word" ? reader.word("a multiplexor") : "";
  if (!/^(m\d{1,9}M?|M)?$/.test(multiplexing))
    throw new DbcError(`M or m and a number, not ${multiplexing}`, undefined, line);
  reader.mark(":");
  const start = reader.whole("a start bit");
  reader.mark("|");
  const length = reader.whole("a length in bits");
  if (length < 1 || length > 64 || start > 511)
    throw new DbcError(`1 to 64 bits inside a frame, not ${length} from bit ${start}`, reader.next, line);
  reader.mark("@");
  const isLittleEndian = reader.whole("0 or 1 for the order of bytes") === 1;
  const isSigned = reader.hasMark("-");
  if (!isSigned) reader.mark("+");
  reader.mark("(");
  const factor = reader.number("a factor");
  reader.mark(",");
  const offset = reader.number("an offset");
  reader.mark(")");
  const unit = readUnit(reader);
  return { name, multiplexing, start, length, isLittleEndian, isSigned, factor, offset, unit };
}

/** Behind the least and the greatest value, which do not matter here. */
function readUnit(reader: TokenReader): string {
  if (reader.hasMark("[")) {
    reader.number("a least value");
    reader.mark("|");
    reader.number("a greatest value");
    reader.mark("]");
  }
  return reader.next?.kind === "text" ? reader.text("a unit") : "";
}

/** The signals of a message with all that is told of them. */
export function resolveSignals(
  key: number,
  signals: readonly RawSignal[],
  notes: SignalNotes,
  reject: (reason: string) => void,
): readonly DbcSignal[] {
  const root = signals.find(({ multiplexing }) => multiplexing === "M")?.name;
  const known = new Map<string, DbcSignal>();
  for (const signal of signals) {
    const place = `${key} ${signal.name}`;
    const type = typeOf(signal, notes.types.get(place) ?? 0);
    if (type === undefined || known.has(signal.name)) {
      const reason = type === undefined ? "a float of 32 or 64 bit" : "each signal once";
      reject(`expected ${reason}, found another ${signal.name}; it is left out`);
      continue;
    }
    const { name, start, length, isLittleEndian, factor, offset, unit, multiplexing } = signal;
    known.set(name, {
      ...{ name, start, length, isLittleEndian, factor, offset, unit, type },
      texts: notes.texts.get(place) ?? new Map(),
      isSwitch: multiplexing.endsWith("M"),
      selection: notes.selections.get(place) ?? simpleSelection(multiplexing, root, name),
    });
  }
  return Array.from(known.values());
}

function typeOf({ isSigned, length }: RawSignal, valueType: number): DbcSignal["type"] | undefined {
  if (valueType === 1) return length === 32 ? "float32" : undefined;
  if (valueType === 2) return length === 64 ? "float64" : undefined;
  return isSigned ? "signed" : "unsigned";
}

/** `m3`: there when the message's multiplexor is 3. */
function simpleSelection(
  multiplexing: string,
  root: string | undefined,
  name: string,
): Selection | undefined {
  const value = /^m(\d+)/.exec(multiplexing)?.[1];
  if (value === undefined || root === undefined || root === name) return undefined;
  return { by: root, ranges: [[Number(value), Number(value)]] };
}
