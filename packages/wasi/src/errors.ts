/**
 * - `exit`: the guest asked for its own end.
 * - `waits-forever`: the guest waits for something that cannot happen while virtual time stands still.
 * - `too-much`: more random bytes, bytes in one write, or open resources than a guest may have.
 * - `bad-call`: a call that WASI says traps.
 * - `bad-file`: a path in the settings that cannot be a file's.
 */
export type WasiErrorCode = "exit" | "waits-forever" | "too-much" | "bad-call" | "bad-file";

/** Thrown by a host function: the calling guest traps with this as its cause. `bad-file` is thrown to whoever gave the settings. */
export class WasiError extends Error {
  override readonly name = "WasiError";
  readonly code: WasiErrorCode;

  constructor(code: WasiErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
