/**
 * The vehicle's speed from CAN: the mean of one or more signals (wheel speeds, usually), believed only while it
 * behaves like a speed. A frame of another make that happens to have the same id is thereby recognised and left out.
 */
import { canData, canFlags, canId, canLength } from "./payloads";
import { CanSignal, canSignalProblem, parseCanSignal } from "./can-signal";

/**
 * The four wheel speeds of Toyota's frame 0xAA (opendbc `_toyota_2017.dbc`: FR FL RR RL, km/h with an offset), here in m/s.
 * Several signals are separated by `|`.
 */
export const DEFAULT_SPEED_SIGNALS: string =
  "; 0xAA; 6; 15; 0.00277777777777778; -18.7972222222222; big" +
  " | ; 0xAA; 22; 15; 0.00277777777777778; -18.7972222222222; big" +
  " | ; 0xAA; 38; 15; 0.00277777777777778; -18.7972222222222; big" +
  " | ; 0xAA; 54; 15; 0.00277777777777778; -18.7972222222222; big";

/** Signals of one frame must agree to this many m/s plus a tenth of the speed: wheels differ in curves. */
const SPREAD_LIMIT: f64 = 1.0;
/** No road vehicle changes its speed faster, m/s²: the limit for the wheels' mean, with room for slip. */
const CHANGE_LIMIT: f64 = 20.0;
/** In m/s, backwards; above what Toyota's signal says for a frame of zeros. */
const LEAST_SPEED: f64 = -15.0;
const GREATEST_SPEED: f64 = 90.0;
/** So many frames in a row must be plausible before the speed is believed. */
const FRAMES_TO_TRUST: i32 = 8;
/** Flags of remote requests and error frames. */
const NO_DATA: u32 = 6;
/** A speed older than this is not used, µs. */
const MAX_AGE_US: i64 = 500_000;

export class CanSpeed {
  private signals: Array<CanSignal> = new Array<CanSignal>();
  /** The bus that is believed, by its sensor; −1 while none is. */
  private sensor: i64 = -1;
  private lastUs: i64 = 0;
  private lastSpeed: f64 = NaN;
  private streak: i32 = 0;

  /** Takes the text form of the signals, separated by `|` or line ends. Returns what is wrong with it, or an empty text. */
  configure(definitions: string): string {
    const signals = new Array<CanSignal>();
    const texts = definitions.replaceAll("\n", "|").split("|");
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i].trim();
      if (text.length == 0) continue;
      const problem = canSignalProblem(text);
      if (problem.length > 0) return problem;
      signals.push(parseCanSignal(text)!);
    }
    for (let i = 1; i < signals.length; i++) {
      if (signals[i].id != signals[0].id) return "the signals of the speed must come from frames of one id";
    }
    this.signals = signals;
    return "";
  }

  /** Whether some signal can travel on the bus of this sensor. */
  wants(sensorName: string): bool {
    for (let i = 0; i < this.signals.length; i++) {
      if (this.signals[i].onBus(sensorName)) return true;
    }
    return false;
  }

  /** Takes one frame: the canonical payload at `payload`, `length` bytes, of a sensor that `wants` accepted. */
  accept(sensor: u32, timeUs: i64, payload: usize, length: i32): void {
    const count = this.signals.length;
    if (count == 0 || length < 8 || canId(payload) != this.signals[0].id) return;
    if ((canFlags(payload) & NO_DATA) != 0) return;
    if (this.sensor >= 0 && this.sensor != <i64>sensor && timeUs - this.lastUs < MAX_AGE_US) return;
    if (this.sensor != <i64>sensor) {
      this.sensor = <i64>sensor;
      this.forget();
    }
    const speed = this.mean(canData(payload), canLength(payload, length));
    const elapsed = <f64>(timeUs - this.lastUs) * 1e-6;
    const continuous = isNaN(this.lastSpeed) || elapsed > 1 || abs<f64>(speed - this.lastSpeed) <= 0.5 + CHANGE_LIMIT * elapsed;
    if (isNaN(speed) || !continuous) {
      this.forget();
      this.sensor = -1;
      return;
    }
    this.lastSpeed = speed;
    this.lastUs = timeUs;
    this.streak++;
  }

  /** m/s at a time, µs; NaN where no bus tells a plausible and recent one. */
  speedAt(timeUs: i64): f64 {
    if (this.streak < FRAMES_TO_TRUST || timeUs - this.lastUs > MAX_AGE_US) return NaN;
    return this.lastSpeed;
  }

  private forget(): void {
    this.streak = 0;
    this.lastSpeed = NaN;
  }

  /** NaN where a signal is missing, out of bounds, or disagrees with the others. */
  private mean(data: usize, bytes: i32): f64 {
    const count = this.signals.length;
    let sum: f64 = 0;
    let least: f64 = Infinity;
    let greatest: f64 = -Infinity;
    for (let i = 0; i < count; i++) {
      const value = this.signals[i].decode(data, bytes);
      if (!(value >= LEAST_SPEED && value <= GREATEST_SPEED)) return NaN;
      sum += value;
      least = min<f64>(least, value);
      greatest = max<f64>(greatest, value);
    }
    const mean = sum / <f64>count;
    return greatest - least <= SPREAD_LIMIT + 0.1 * abs<f64>(mean) ? mean : NaN;
  }
}
