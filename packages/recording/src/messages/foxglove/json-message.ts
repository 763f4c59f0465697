import { MalformedMessageError } from "../malformed.ts";
import type { MessageObject } from "./protobuf-message.ts";

/** Reads a JSON message: an object. Throws a MalformedMessageError. */
export function readJsonMessage(bytes: Uint8Array): MessageObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new MalformedMessageError("JSON", (cause as Error).message.slice(0, 120), "the message");
  }
  if (isObject(value)) return value;
  throw new MalformedMessageError(
    "a JSON object",
    Array.isArray(value) ? "a list" : typeof value,
    "the message",
  );
}

export function isObject(value: unknown): value is MessageObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bytes of a message: as they are in Protocol Buffers, in base64 in JSON. Throws a MalformedMessageError. */
export function bytesOf(value: unknown, name: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined) return new Uint8Array(0);
  if (typeof value !== "string") throw new MalformedMessageError("bytes", typeof value, name);
  let text: string;
  try {
    text = atob(value);
  } catch {
    throw new MalformedMessageError("base64", JSON.stringify(value.slice(0, 20)), name);
  }
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

const decoder = new TextDecoder();
