/** Errors of the guest build. The message says what was expected, what was found and where. */

/**
 * - `bad-manifest`: a `playhead.json` is missing, is no JSON, or has wrong members.
 * - `bad-wit`: the WIT folders cannot be read, or do not hold the world.
 * - `unsupported-type`: the world uses something that the bindings cannot express.
 * - `missing-source`: an exported interface has no source file.
 * - `compile`: the AssemblyScript compiler refused the sources.
 * - `bad-import`: the compiled guest needs something that is not in its WIT.
 * - `bad-component`: the compiled guest does not fit its world.
 */
export type GuestErrorCode =
  | "bad-manifest"
  | "bad-wit"
  | "unsupported-type"
  | "missing-source"
  | "compile"
  | "bad-import"
  | "bad-component";

export class GuestError extends Error {
  override readonly name = "GuestError";
  readonly code: GuestErrorCode;

  constructor(code: GuestErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
