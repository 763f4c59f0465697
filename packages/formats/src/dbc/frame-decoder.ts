import { rawReader } from "./raw-value.ts";
import type { DbcMessage, DbcSignal } from "./signal.ts";

/** Values by name; a signal with named values has its name too, under its own name and `_text`. */
export type SignalValues = Record<string, number | string | null>;

/** How to decode the data of one message's frames. Signals that the frame does not have are left out; numbers that are none become null. */
export function frameDecoder({ signals }: DbcMessage): (data: Uint8Array) => SignalValues {
  const readers = signals.map((signal) => ({ signal, read: rawReader(signal) }));
  const switches = readers.filter(({ signal }) => signal.isSwitch);
  const byName = new Map(switches.map((reader) => [reader.signal.name, reader]));
  const isThere = (signal: DbcSignal, data: Uint8Array, depth = 0): boolean => {
    const { selection } = signal;
    if (selection === undefined) return true;
    const chooser = byName.get(selection.by);
    if (chooser === undefined || depth > switches.length || !isThere(chooser.signal, data, depth + 1))
      return false;
    const value = chooser.read(data);
    return value !== undefined && selection.ranges.some(([first, last]) => value >= first && value <= last);
  };
  return (data) => {
    const values: SignalValues = {};
    for (const { signal, read } of readers) {
      const raw = isThere(signal, data) ? read(data) : undefined;
      if (raw === undefined) continue;
      const value = raw * signal.factor + signal.offset;
      values[signal.name] = Number.isFinite(value) ? value : null;
      const text = signal.texts.get(raw);
      if (text !== undefined) values[`${signal.name}_text`] = text;
    }
    return values;
  };
}
