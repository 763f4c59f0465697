/** Output streams that a guest has. */
export type OutputName = "stdout" | "stderr";

/** What one guest finds around it. */
export interface GuestSettings {
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
  /** Takes a line that a guest printed, without its end. */
  print?(guest: string, stream: OutputName, line: string): void;
}
