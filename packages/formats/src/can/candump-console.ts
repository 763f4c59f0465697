import { lookAt } from "../candidate.ts";
import type { SourceFormat } from "../format.ts";
import { DAY_NS, dayNumber, decimalNs } from "../text/decimal-time.ts";
import { type Emit, LineError, quote, type TextDialect } from "../text/dialect.ts";
import { isComment, mostLinesAre, startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import { type CanFrame, canEntry } from "./can-frame.ts";
import { identifierOf } from "./candump.ts";
import { bytesOf, checkedLength, wholeNumber } from "./frame-fields.ts";

const TIME = String.raw`\((\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{1,9}|\d{1,20}\.\d{1,9})\)`;
/** ` (1410714882.622188)  can0  RX B -  09F80102   [8]  36 72 9A 16 02 1A B8 0D   '6r......'`; direction and flags come with `-x`. */
const CONSOLE_LINE = new RegExp(
  String.raw`^${TIME}\s+(\S+)\s+(?:([RT]X) ([B-]) ([E-])\s+)?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})\s+\[(\d{1,2})\]\s*(.*)$`,
);
/** Times since the frame before (`-t d`) look like times since the start (`-t z`). */
const SHORT_TIME = /^\((\d{3}\.\d{6})\)/;

/** What candump shows on a terminal, with times (`-t a`, `-t A`, `-t z`, `-t d`). */
export const candumpConsole: SourceFormat = {
  name: "candump output",
  recognises: (candidate) => mostLinesAre(startLines(candidate), (line) => CONSOLE_LINE.test(line)),
  async open(path, { signal }) {
    const areDeltas = timesGoBack(startLines(await lookAt(path)));
    return openText(path, dialect(areDeltas), { format: "candump output", signal });
  },
};

interface State {
  timeNs: bigint;
}

function dialect(areDeltas: boolean): TextDialect<State> {
  return {
    begin: () => ({ timeNs: 0n }),
    readLine: (line, state, emit) => readLine(line.trim(), state, areDeltas, emit),
  };
}

/** Times since the start never go back, times since the frame before do. */
function timesGoBack(lines: readonly string[]): boolean {
  let before = "";
  for (const line of lines) {
    const time = SHORT_TIME.exec(line)?.[1] ?? "";
    if (time < before && time !== "") return true;
    before = time;
  }
  return false;
}

function readLine(line: string, state: State, areDeltas: boolean, emit: Emit): void {
  if (line === "" || isComment(line)) return;
  const parts = CONSOLE_LINE.exec(line);
  if (parts === null) throw new LineError("(time) bus id [length] data", quote(line));
  const [, time = "", bus = "", , isSwitched, isPassive, digits = "", count = "", rest = ""] = parts;
  const timeNs = timeOf(time);
  state.timeNs = areDeltas ? state.timeNs + timeNs : timeNs;
  // Lengths of CAN FD frames have two digits.
  const isFd = count.length === 2;
  const length = checkedLength(wholeNumber(count), isFd && wholeNumber(count) > 8);
  const { id, isExtended, isError } = identifierOf(digits);
  const { isRemote, data } = contentOf(rest, length);
  const fd = isFd ? fdFlags(isSwitched, isPassive) : undefined;
  emit(canEntry({ timeNs: state.timeNs, bus, id, isExtended, isError, isRemote, length, data, fd }));
}

function fdFlags(isSwitched: string | undefined, isPassive: string | undefined): CanFrame["fd"] {
  return { isSwitched: isSwitched === "B", isPassive: isPassive === "E" };
}

function contentOf(text: string, length: number): Required<Pick<CanFrame, "isRemote" | "data">> {
  if (text.startsWith("remote request")) return { isRemote: true, data: new Uint8Array(0) };
  const bytes = text.split(/\s+/);
  if (bytes.length < length || (length > 0 && bytes[0] === ""))
    throw new LineError(`${length} bytes`, quote(text));
  return { isRemote: false, data: bytesOf(bytes, 16, 0, length) };
}

function timeOf(text: string): bigint {
  const date = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(.*)$/.exec(text);
  if (date === null) return decimalNs(text, 9) as bigint;
  const [year, month, day, hour, minute] = date.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const days = dayNumber(year, month, day);
  const seconds = decimalNs(date[6] ?? "", 9);
  if (days === undefined || seconds === undefined) throw new LineError("a date", quote(text));
  return BigInt(days) * DAY_NS + BigInt(hour * 3600 + minute * 60) * 1_000_000_000n + seconds;
}
