import { type MessageChannel, messageValues } from "@playhead/recording";

/** A message as an object, by the names of its fields. */
export type Decoded = Readonly<Record<string, unknown>>;

/**
 * How to read the messages of a channel as objects; undefined where nothing is known of them. The function throws an Error for a message that is not what its
 * channel says. What it gives is valid as long as it is kept.
 */
export function decoderOf(channel: MessageChannel): ((message: Uint8Array) => Decoded) | undefined {
  const values = messageValues(channel);
  if (values === undefined) return undefined;
  return (message) => {
    // Lists are views of it.
    const value = values(new Uint8Array(message));
    if (isDecoded(value)) return value;
    throw new Error(`expected a message of fields, found ${Array.isArray(value) ? "a list" : typeof value}`);
  };
}

export function isDecoded(value: unknown): value is Decoded {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// What Protocol Buffers leave out is zero or empty.

/** Throws an Error for what is no number. */
export function numberIn(message: Decoded, name: string): number {
  const value = message[name] ?? 0;
  if (typeof value === "number") return value;
  throw unexpected("a number", value, name);
}

/** Throws an Error for what is no text. */
export function textIn(message: Decoded, name: string): string {
  const value = message[name] ?? "";
  if (typeof value === "string") return value;
  throw unexpected("a text", value, name);
}

/** In JSON they are in base64. Throws an Error for what are no bytes. */
export function bytesIn(message: Decoded, name: string): Uint8Array {
  const value = message[name] ?? "";
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return new Uint8Array(Buffer.from(value, "base64"));
  throw unexpected("bytes", value, name);
}

/** Throws an Error for what is no list of objects. */
export function objectsIn(message: Decoded, name: string): readonly Decoded[] {
  const value = message[name] ?? [];
  if (Array.isArray(value) && value.every(isDecoded)) return value;
  throw unexpected("a list", value, name);
}

function unexpected(expected: string, value: unknown, name: string): Error {
  return new Error(`${name}: expected ${expected}, found ${typeof value}`);
}
