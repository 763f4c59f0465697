/** Output streams that a guest has. */
export type OutputName = "stdout" | "stderr";

/** Where a guest's time or random numbers come from: the options of the virtual WASI, or the machine it runs on. */
export type Source = "virtual" | "machine";

/** What the machine offers; two runs never see the same of it. */
export interface Machine {
  /** µs since the Unix epoch. */
  nowUs(): number;
  randomBytes(length: number): Uint8Array;
}

/** What one guest finds around it. */
export interface GuestSettings {
  /** Of both clocks; virtual without. With the machine's, runs are not repeatable. */
  readonly clock?: Source;
  /** Of random numbers; virtual without. With the machine's, runs are not repeatable. */
  readonly randomness?: Source;
  /** Environment variables, in this order. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments, the program's name first where the guest expects one. */
  readonly arguments?: readonly string[];
  /** A read-only file system: contents by path below `/`. Without files there is no directory to open. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export interface WasiOptions {
  /** Now, µs since the Unix epoch; it stands still during a call. Times before 1970 are shown as 1970. */
  nowUs(): number;
  /** Each guest has a random stream of its own, which depends on the seed and its name. 0 without. */
  readonly seed?: number | string;
  /** Name of the guest that the instance at the path belongs to. Instances of one guest share their state. The path without. */
  guestAt?(path: string): string;
  /** What the guest finds around it; asked once, when it first looks. */
  settingsOf?(guest: string): GuestSettings;
  /** For guests whose settings ask for the machine's clock or randomness; there are none without. */
  readonly machine?: Machine;
  /** Takes a line that a guest printed, without its end. */
  print?(guest: string, stream: OutputName, line: string): void;
}
