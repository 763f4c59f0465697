import type { SourceFormat } from "../format.ts";
import { decimalNs } from "../text/decimal-time.ts";
import { type Emit, LineError, quote, type TextDialect } from "../text/dialect.ts";
import { startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import { ascDateNs } from "./asc-date.ts";
import { type CanFrame, canEntry } from "./can-frame.ts";
import { bytesOf, checkedId, checkedLength, wholeNumber } from "./frame-fields.ts";

const BASE_LINE = /^base\s+(hex|dec)\s+timestamps\s+(absolute|relative)/i;

/** Vector's text logs (CANalyzer, CANoe): classic frames, CAN FD, errors; other events say nothing of frames. */
export const vectorAsc: SourceFormat = {
  name: "a Vector ASC log",
  recognises: (candidate) =>
    startLines(candidate)
      .slice(0, 20)
      .some((line) => BASE_LINE.test(line)),
  open: (path, { signal }) => openText(path, DIALECT, { format: "Vector ASC log", signal }),
};

interface State {
  base: 10 | 16;
  /** Times since the event before, rather than since the measurement's start. */
  isRelative: boolean;
  /** Start of the measurement, ns since the Unix epoch; logs give it in their own local time, which is taken as UTC. */
  startNs: bigint;
  /** Of the last event, since the start. */
  lastNs: bigint;
}

const DIALECT: TextDialect<State> = {
  begin: () => ({ base: 16, isRelative: false, startNs: 0n, lastNs: 0n }),
  readLine(line, state, emit) {
    const text = line.trim();
    const event = EVENT.exec(text);
    if (event === null) readHead(text, state);
    else readEvent(event, state, emit);
  },
};

const EVENT = /^(\d{1,12}\.\d{1,9})\s+(.*)$/;

function readHead(line: string, state: State): void {
  const base = BASE_LINE.exec(line);
  if (base !== null) {
    state.base = base[1]?.toLowerCase() === "dec" ? 10 : 16;
    state.isRelative = base[2]?.toLowerCase() === "relative";
    return;
  }
  const date = /^date\s+(.*)$/i.exec(line)?.[1];
  if (date === undefined) return;
  const startNs = ascDateNs(date);
  if (startNs === undefined)
    throw new LineError("a date such as Wed Apr 16 09:21:13.159 am 2014", quote(date));
  state.startNs = startNs;
}

function readEvent([, time = "", event = ""]: RegExpExecArray, state: State, emit: Emit): void {
  const given = decimalNs(time, 9) as bigint;
  state.lastNs = state.isRelative ? state.lastNs + given : given;
  const timeNs = state.startNs + state.lastNs;
  const words = event.split(/\s+/);
  const frame =
    words[0] === "CANFD" ? fdFrame(words, state.base, timeNs) : frameOf(words, state.base, timeNs);
  if (frame !== undefined) emit(canEntry(frame));
}

/** Undefined for events that are no frames: statistics, states of the bus, triggers. */
function frameOf(words: readonly string[], base: 10 | 16, timeNs: bigint): CanFrame | undefined {
  const [bus = "", second = "", third = "", kind = "", count = ""] = words;
  if (!/^\d{1,3}$/.test(bus)) return undefined;
  if (second === "ErrorFrame") return errorFrame(bus, timeNs);
  if (!/^(Rx|Tx)$/i.test(third)) return undefined;
  const { id, isExtended } = identifierOf(second, base);
  if (kind === "r") {
    const length = checkedLength(/^[\da-f]$/i.test(count) ? wholeNumber(count, 16) : 0, false);
    return { timeNs, bus, id, isExtended, isRemote: true, length, data: new Uint8Array(0) };
  }
  if (kind !== "d") throw new LineError("d or r", quote(kind));
  // Length codes above 8 mean 8 bytes on a classic bus.
  const length = Math.min(8, wholeNumber(count, 16));
  return { timeNs, bus, id, isExtended, isRemote: false, length, data: dataOf(words, 5, length, base) };
}

function errorFrame(bus: string, timeNs: bigint): CanFrame {
  return { timeNs, bus, id: 0, isExtended: false, isError: true, length: 0, data: new Uint8Array(0) };
}

/** `CANFD <bus> <Rx|Tx> <id> [<name>] <switch> <state> <length code> <length> <data …> <duration> <bits> <flags> …` */
function fdFrame(words: readonly string[], base: 10 | 16, timeNs: bigint): CanFrame | undefined {
  const bus = words[1] ?? "";
  if (!/^\d{1,3}$/.test(bus)) return undefined;
  if (words[2] === "ErrorFrame" || words[3] === "ErrorFrame") return errorFrame(bus, timeNs);
  const id = identifierOf(words[3] ?? "", base);
  const hasName = !/^[01]$/.test(words[4] ?? "") || !/^[01]$/.test(words[5] ?? "");
  const [isSwitched = "", isPassive = "", , count = "", ...rest] = words.slice(hasName ? 5 : 4);
  const length = checkedLength(wholeNumber(count), wholeNumber(count) > 8);
  const flags = rest[length + 2];
  const bits =
    flags !== undefined && /^[0-9a-fA-F]{1,8}$/.test(flags) ? Number.parseInt(flags, 16) : undefined;
  const head = { timeNs, bus, ...id, length };
  if (bits !== undefined && (bits & REMOTE_FLAG) !== 0)
    return { ...head, isRemote: true, data: new Uint8Array(0) };
  const data = dataOf(rest, 0, length, base);
  if (bits !== undefined && (bits & FD_FLAG) === 0 && length <= 8) return { ...head, data };
  return { ...head, data, fd: { isSwitched: isSwitched === "1", isPassive: isPassive === "1" } };
}

/** Flags of CAN FD events (Vector, ASC logging format). */
const REMOTE_FLAG = 1 << 4;
const FD_FLAG = 1 << 12;

function identifierOf(text: string, base: 10 | 16): Pick<CanFrame, "id" | "isExtended"> {
  const isExtended = /x$/i.test(text);
  const id = wholeNumber(isExtended ? text.slice(0, -1) : text, base);
  return { id: checkedId(id, isExtended), isExtended };
}

/** As many bytes from the place `start` on. */
function dataOf(words: readonly string[], start: number, length: number, base: 10 | 16): Uint8Array {
  if (words.length - start < length)
    throw new LineError(`${length} bytes`, `${Math.max(0, words.length - start)}`);
  return bytesOf(words, base, start, length);
}
