import type { Reading, Sensor } from "@playhead/recording";
import { interpolate, measured, type Sample } from "./interpolate.ts";
import type { ReadAhead } from "./read-ahead.ts";
import type { SensorSettings } from "./sensor-settings.ts";

/** Why there is no sample; `playhead:sim/sensors.sample-error`. */
export type SampleError = "unknown-sensor" | "no-data" | "not-causal";

export interface SensorBridgeOptions {
  /** Of each sensor, by handle. */
  readonly settings: readonly SensorSettings[];
  /** Refuses to look ahead. */
  readonly causal: boolean;
  readonly longestWindowUs: number;
}

const NO_SETTINGS: SensorSettings = { toleranceUs: 0, lookAheadUs: 0, interpolation: "hold", latched: false };

/** How far a bridge has come. The readings themselves lie in the recording. */
export interface SensorBridgeState {
  readonly nowUs: number;
  readonly delivered: number;
  readonly counts: readonly number[];
  readonly lookAheads: number;
  /** Position of the last reading that was delivered; −1 before the first. */
  readonly lastPosition: number;
  /** Of the readings that may still be asked for: how many, and the first one's time and position. */
  readonly recent: { readonly count: number; readonly fromUs: number; readonly fromPosition: number };
}

/**
 * What the units see of the recording at now. Readings go in as virtual time reaches them; the last of each sensor stays, the others
 * as long as a window or a unit may still ask for them.
 */
export class SensorBridge {
  readonly sensors: readonly Sensor[];
  readonly #options: SensorBridgeOptions;
  readonly #longestLookAheadUs: number;
  /** Readings before the start of the run that count as arrived at its first event, in total order. Never forgotten. */
  #initial: readonly Reading[] = [];
  #readAhead: ReadAhead;
  /** Delivered readings in total order that may still be asked for. */
  #recent: Reading[] = [];
  /** How many of them nobody may ask for any more, as far as is known. */
  #passed = 0;
  readonly #latest: (Reading | undefined)[];
  #counts: number[];
  /** Number of readings delivered so far: the cursor of `arrivedSince`. */
  #delivered = 0;
  #nowUs = Number.NEGATIVE_INFINITY;
  #lookAheads = 0;
  #refused = false;
  #lastPosition = -1;

  /** @param sensors by handle; those of role `reference` never reach a unit. */
  constructor(sensors: readonly Sensor[], readAhead: ReadAhead, options: SensorBridgeOptions) {
    this.sensors = sensors;
    this.#readAhead = readAhead;
    this.#options = options;
    this.#longestLookAheadUs = Math.max(0, ...options.settings.map(({ lookAheadUs }) => lookAheadUs));
    this.#latest = sensors.map(() => undefined);
    this.#counts = sensors.map(() => 0);
  }

  /** How often `sample` used a reading later than now. */
  get lookAheads(): number {
    return this.#lookAheads;
  }

  /** Whether a sample was ever refused because looking ahead is: also at a place that the run has left again. */
  get hasRefused(): boolean {
    return this.#refused;
  }

  /** Readings delivered so far, by handle. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Position of the last reading that was delivered; −1 before the first. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  /** Goes on with another reader of the same recording, which must begin behind the last reading that was delivered. */
  readFrom(readAhead: ReadAhead): void {
    this.#readAhead = readAhead;
  }

  /** A cursor for `arrivedSince`: all that comes later than this moment. */
  get cursor(): number {
    return this.#delivered;
  }

  /** Time up to which the read-ahead must reach before virtual time may become `timeUs`. */
  horizonUs(timeUs: number): number {
    return this.#options.causal ? timeUs : timeUs + this.#longestLookAheadUs;
  }

  /** Takes in what was measured before the start of the run and counts as arrived at its first event. */
  begin(initial: readonly Reading[]): void {
    this.#initial = initial;
    for (const reading of initial) this.#deliver(reading);
  }

  #deliver(reading: Reading): void {
    this.#latest[reading.sensor] = reading;
    this.#counts[reading.sensor] = (this.#counts[reading.sensor] ?? 0) + 1;
    this.#delivered++;
  }

  /** Moves now forward and takes in what was measured up to it. */
  advance(timeUs: number): void {
    this.#nowUs = timeUs;
    for (let reading = this.#readAhead.take(timeUs); reading; reading = this.#readAhead.take(timeUs)) {
      this.#recent.push(reading);
      this.#deliver(reading);
      this.#lastPosition = reading.position;
    }
  }

  /** Forgets readings that lie before every cursor and every window. */
  forget(oldestCursor: number): void {
    const first = this.#delivered - this.#recent.length;
    const horizonUs = this.#nowUs - this.#options.longestWindowUs;
    while (this.#passed < this.#recent.length && first + this.#passed < oldestCursor) {
      const reading = this.#recent[this.#passed];
      if (reading === undefined || reading.timeUs > horizonUs) break;
      this.#passed++;
    }
    if (this.#passed <= 256 || this.#passed * 2 <= this.#recent.length) return;
    this.#recent = this.#recent.slice(this.#passed);
    this.#passed = 0;
  }

  save(): SensorBridgeState {
    const first = this.#recent[0];
    return {
      nowUs: this.#nowUs,
      delivered: this.#delivered,
      counts: [...this.#counts],
      lookAheads: this.#lookAheads,
      lastPosition: this.#lastPosition,
      recent: {
        count: this.#recent.length,
        fromUs: first?.timeUs ?? this.#nowUs,
        fromPosition: first?.position ?? this.#lastPosition + 1,
      },
    };
  }

  /**
   * Becomes what was saved.
   *
   * @param recent the readings that the state tells of, in total order
   * @param latest the last reading of each sensor that has one, by handle
   * @param readAhead reads on behind the last delivered reading
   * @param initial what `begin` was given, where the state is of a run that had begun
   */
  restore(
    state: SensorBridgeState,
    recent: readonly Reading[],
    latest: ReadonlyMap<number, Reading>,
    readAhead: ReadAhead,
    initial: readonly Reading[] = [],
  ): void {
    this.#initial = initial;
    if (recent.length !== state.recent.count)
      throw new Error(
        `Invariant: the recording still has the ${state.recent.count} readings of a checkpoint, not ${recent.length}`,
      );
    this.#nowUs = state.nowUs;
    this.#delivered = state.delivered;
    this.#counts = [...state.counts];
    this.#lookAheads = state.lookAheads;
    this.#lastPosition = state.lastPosition;
    this.#recent = [...recent];
    this.#passed = 0;
    this.#latest.fill(undefined);
    for (const [sensor, reading] of latest) this.#latest[sensor] = reading;
    this.#readAhead = readAhead;
  }

  latest(sensor: number): Reading | undefined {
    return this.#latest[sensor];
  }

  /** Readings in (now − duration, now], oldest first. */
  window(sensor: number, durationUs: number): Reading[] {
    const wanted = durationUs > 0 ? Math.min(durationUs, this.#options.longestWindowUs) : 100_000;
    const fromUs = this.#nowUs - wanted;
    const result: Reading[] = [];
    const early = this.#initial.filter((reading) => reading.sensor === sensor && reading.timeUs > fromUs);
    for (let at = this.#recent.length - 1; at >= 0; at--) {
      const reading = this.#recent[at];
      if (reading === undefined || reading.timeUs <= fromUs) break;
      if (reading.sensor === sensor) result.push(reading);
    }
    return [...early, ...result.reverse()];
  }

  /** Readings delivered since the cursor, in total order; of the given sensors, or of all where none is given. */
  arrivedSince(cursor: number, sensors: ReadonlySet<number> | undefined): Reading[] {
    const start = Math.max(0, cursor - (this.#delivered - this.#recent.length));
    const rest = this.#recent.slice(start);
    const arrived = cursor < this.#initial.length ? [...this.#initial.slice(cursor), ...rest] : rest;
    return sensors === undefined ? arrived : arrived.filter((reading) => sensors.has(reading.sensor));
  }

  /** The value at now: see `playhead:sim/sensors.sample`. */
  sample(handle: number): Sample | SampleError {
    const sensor = this.sensors[handle];
    if (sensor === undefined || sensor.role === "reference") return "unknown-sensor";
    if (this.#options.causal) {
      this.#refused = true;
      return "not-causal";
    }
    const { toleranceUs, lookAheadUs, interpolation } = this.#options.settings[handle] ?? NO_SETTINGS;
    const before = this.#latest[handle];
    const after = this.#readAhead.peekNext(handle, this.#nowUs + lookAheadUs);
    const beforeGap = before === undefined ? Number.POSITIVE_INFINITY : this.#nowUs - before.timeUs;
    const afterGap = after === undefined ? Number.POSITIVE_INFINITY : after.timeUs - this.#nowUs;
    if (before !== undefined && beforeGap <= toleranceUs && beforeGap <= afterGap) return measured(before);
    if (after !== undefined && (afterGap <= toleranceUs || before !== undefined)) this.#lookAheads++;
    if (after !== undefined && afterGap <= toleranceUs) return measured(after);
    if (before !== undefined && after !== undefined)
      return interpolate(sensor.kind, interpolation, before, after, this.#nowUs);
    return "no-data";
  }
}
