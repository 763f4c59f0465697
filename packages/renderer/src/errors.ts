/** A picture that cannot be shown. */
export class RenderError extends Error {
  override readonly name = "RenderError";
  /** `malformed-svg`, `too-large`, `bad-image` */
  readonly code: "malformed-svg" | "too-large" | "bad-image";

  constructor(code: RenderError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
