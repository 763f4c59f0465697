/** The bytes of a message are not what its definition says. Never leaves this package: it becomes a `Problem`. */
export class MalformedMessageError extends Error {
  override readonly name: string = "MalformedMessageError";

  constructor(expected: string, found: string, where: string) {
    super(`${where}: expected ${expected}, found ${found}`);
  }
}

/** The message is sound, but the canonical payload of its kind has no room for what it says: an image in an encoding of its own. */
export class NoCanonicalFormError extends MalformedMessageError {
  override readonly name = "NoCanonicalFormError";
}
