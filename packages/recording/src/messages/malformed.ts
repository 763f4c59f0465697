/** The bytes of a message are not what its definition says. Never leaves this package: it becomes a `Problem`. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";

  constructor(expected: string, found: string, where: string) {
    super(`${where}: expected ${expected}, found ${found}`);
  }
}
