import type { SourceFormat } from "../format.ts";
import { decimalNs } from "../text/decimal-time.ts";
import { type Emit, LineError, quote, type TextDialect } from "../text/dialect.ts";
import { isComment, mostLinesAre, startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import { type CanFrame, canEntry } from "./can-frame.ts";
import { checkedId, checkedLength, hexBytes, MOST_CLASSIC_BYTES, wholeNumber } from "./frame-fields.ts";

/** `(1410714882.622188) can0 09F80102#36729A16021AB80D`, maybe with the direction behind it. */
const LOG_LINE =
  /^\((\d{1,20}(?:\.\d{1,9})?)\)\s+(\S+)\s+([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})(#{1,3})(\S*)(?:\s+[TR])?$/;

/** Files that `candump -l` writes (can-utils): one frame per line. */
export const candumpLog: SourceFormat = {
  name: "a candump log",
  recognises: (candidate) => mostLinesAre(startLines(candidate), (line) => LOG_LINE.test(line)),
  open: (path, { signal }) => openText(path, DIALECT, { format: "candump log", signal }),
};

const DIALECT: TextDialect<null> = {
  begin: () => null,
  readLine: (line, _state, emit) => readLine(line.trim(), emit),
};

function readLine(line: string, emit: Emit): void {
  if (line === "" || isComment(line)) return;
  const parts = LOG_LINE.exec(line);
  if (parts === null) throw new LineError("(seconds) bus id#data", quote(line));
  const [, time = "", bus = "", id = "", marks = "", data = ""] = parts;
  const identifier = identifierOf(id);
  const { isExtended, isError } = identifier;
  const head = { timeNs: decimalNs(time, 9) as bigint, bus, id: identifier.id, isExtended, isError };
  if (marks === "###") throw new LineError("a frame of CAN or CAN FD", "one of CAN XL");
  emit(canEntry(marks === "##" ? fdFrame(head, data) : classicFrame(head, data)));
}

type Head = Required<Pick<CanFrame, "timeNs" | "bus" | "id" | "isExtended" | "isError">>;

// Fields are written out below: spreading an object costs as much as the rest of a line.

/** Flags of SocketCAN, in identifiers of eight digits (linux/can.h). */
const ERROR_FLAG = 0x20000000;
const ID_MASK = 0x1fffffff;

/** Three digits are 11 bit, eight are 29 bit with the flag of error frames. */
export function identifierOf(digits: string): Pick<Head, "id" | "isExtended" | "isError"> {
  const value = Number.parseInt(digits, 16);
  if (digits.length === 3) return { id: checkedId(value, false), isExtended: false, isError: false };
  const isError = (value & ERROR_FLAG) !== 0;
  return { id: value & ID_MASK, isExtended: !isError, isError };
}

/** `11223344`, `11.22`, `R`, `R4`; behind eight bytes maybe `_E`, the length code as it was on the wire. */
function classicFrame({ timeNs, bus, id, isExtended, isError }: Head, text: string): CanFrame {
  const data = text.includes("_") ? text.replace(/_[0-9A-Fa-f]$/, "") : text;
  if (data.startsWith("R")) {
    const length = checkedLength(data === "R" ? 0 : wholeNumber(data.slice(1)), false);
    return { timeNs, bus, id, isExtended, isError, isRemote: true, length, data: new Uint8Array(0) };
  }
  const bytes = hexBytes(data.includes(".") ? data.replaceAll(".", "") : data);
  const length = checkedLength(bytes.length, false);
  return { timeNs, bus, id, isExtended, isError, isRemote: false, length, data: bytes };
}

const SWITCH_FLAG = 1;
const STATE_FLAG = 2;

/** One digit of flags, then the data. */
function fdFrame(head: Head, text: string): CanFrame {
  const flags = wholeNumber(text.slice(0, 1), 16);
  const bytes = hexBytes(text.slice(1).replaceAll(".", ""));
  const fd = { isSwitched: (flags & SWITCH_FLAG) !== 0, isPassive: (flags & STATE_FLAG) !== 0 };
  return { ...head, fd, length: checkedLength(bytes.length, bytes.length > MOST_CLASSIC_BYTES), data: bytes };
}
