import type { SourceFormat } from "../format.ts";
import { decimalNs } from "../text/decimal-time.ts";
import { type Emit, LineError, quote, type TextDialect } from "../text/dialect.ts";
import { startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import { canEntry } from "./can-frame.ts";
import { bytesOf, checkedId, checkedLength, wholeNumber } from "./frame-fields.ts";

const HEADING = /^Time Stamp,ID,Extended,(Dir,)?Bus,LEN(,D\d)*,?/i;

/** CSV logs of GVRET and SavvyCAN: µs since the device was switched on, hexadecimal identifiers and data. */
export const gvret: SourceFormat = {
  name: "a GVRET log",
  recognises: (candidate) => HEADING.test(startLines(candidate)[0] ?? ""),
  open: (path, { signal }) => openText(path, DIALECT, { format: "GVRET log", signal }),
};

interface State {
  /** Newer logs have the direction before the bus. */
  hasDirection: boolean;
}

const DIALECT: TextDialect<State> = {
  begin: () => ({ hasDirection: false }),
  readLine(line, state, emit) {
    if (line.trim() === "") return;
    const heading = HEADING.exec(line);
    if (heading === null) readFrame(line, state, emit);
    else state.hasDirection = heading[1] !== undefined;
  },
};

function readFrame(line: string, { hasDirection }: State, emit: Emit): void {
  const cells = line.split(",").map((cell) => cell.trim());
  const [time = "", digits = "", extended = ""] = cells;
  const busPlace = hasDirection ? 4 : 3;
  const timeNs = decimalNs(time, 3);
  if (timeNs === undefined) throw new LineError("a time in µs", quote(line));
  const isExtended = extended.toLowerCase() === "true" || extended === "1";
  const count = wholeNumber(cells[busPlace + 1] ?? "");
  const length = checkedLength(count, count > 8);
  const given = cells.slice(busPlace + 2).filter((byte) => byte !== "");
  if (given.length < length) throw new LineError(`${length} bytes`, quote(line));
  const id = checkedId(wholeNumber(digits, 16), isExtended);
  const fd = length > 8 ? { isSwitched: false, isPassive: false } : undefined;
  emit(
    canEntry({
      timeNs,
      bus: wholeNumber(cells[busPlace] ?? "").toString(),
      id,
      isExtended,
      fd,
      length,
      data: bytesOf(given, 16, 0, length),
    }),
  );
}
