import { type ChannelDeclaration, MessageSignals } from "@playhead/recording";
import type { RecordedMessage } from "../recording-store.ts";
import type { Connection } from "./connection.ts";
import type { RowNumbers } from "./copy-encoding.ts";
import { SMALL_BYTES } from "./layout.ts";
import type { SampleRows } from "./sample-rows.ts";

/** A signal of a recording: see `MessageSignals`. Its number is its place among those of the recording. */
export interface StoredSignal {
  readonly channel: number;
  readonly name: string;
}

interface ChannelSignals {
  readonly signals: MessageSignals;
  /** By place among the signals of the channel: the signal's number in the recording. */
  readonly numbers: number[];
}

/** Finds the signals of a recording while its messages are appended, and their samples. */
export class AppendingSignals {
  /** By number. */
  readonly found: StoredSignal[];
  readonly #channels: ChannelSignals[] = [];

  /** `found` are those that the recording has already. */
  constructor(found: readonly StoredSignal[]) {
    this.found = [...found];
  }

  /** Channels come by number. */
  addChannel(channel: ChannelDeclaration): void {
    const number = this.#channels.length;
    const own = [...this.found.entries()].filter(([, signal]) => signal.channel === number);
    const names = own.map(([, { name }]) => name);
    const numbers = own.map(([place]) => place);
    this.#channels.push({ signals: new MessageSignals(channel, names), numbers });
  }

  /** Adds the samples of a message. Large ones are pictures and clouds. */
  add(message: RecordedMessage, { recordingId, position }: RowNumbers, rows: SampleRows): void {
    const { channel, logTimeNs, data } = message;
    const { signals, numbers } = this.#channels[channel] as ChannelSignals;
    if (data.length > SMALL_BYTES) return;
    signals.read(data, (place, value) => {
      const signal = numbers[place] ?? this.#number(channel, place);
      rows.add({ recordingId, signal, logTimeNs, position, value });
    });
  }

  #number(channel: number, place: number): number {
    const { signals, numbers } = this.#channels[channel] as ChannelSignals;
    const number = this.found.push({ channel, name: signals.names[place] as string }) - 1;
    numbers[place] = number;
    return number;
  }
}

export async function readSignals(connection: Connection, recordingId: number): Promise<StoredSignal[]> {
  const rows = await connection.query(
    "SELECT channel, name FROM playhead.signal WHERE recording_id = $1 ORDER BY number",
    [recordingId],
  );
  return rows.map(({ channel, name }) => ({ channel: Number(channel), name: String(name) }));
}

export async function insertSignals(
  connection: Connection,
  recordingId: number,
  first: number,
  signals: readonly StoredSignal[],
): Promise<void> {
  if (signals.length === 0) return;
  await connection.query(
    `INSERT INTO playhead.signal (recording_id, number, channel, name)
    SELECT $1, $2 + place - 1, channel, name
    FROM unnest($3::integer[], $4::text[]) WITH ORDINALITY AS s(channel, name, place)`,
    [recordingId, first, signals.map(({ channel }) => channel), signals.map(({ name }) => name)],
  );
}
