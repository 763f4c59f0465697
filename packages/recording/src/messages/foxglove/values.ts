import { MalformedMessageError } from "../malformed.ts";
import type { MessageObject } from "./protobuf-message.ts";

/** A number of a message; 0 where it is left out, as Protocol Buffers do with zeros. Throws a MalformedMessageError. */
export function numberOf(message: MessageObject, name: string): number {
  const value = message[name] ?? 0;
  if (typeof value === "number") return value;
  throw new MalformedMessageError("a number", typeof value, name);
}

/** A text of a message; empty where it is left out. Throws a MalformedMessageError. */
export function textOf(message: MessageObject, name: string): string {
  const value = message[name] ?? "";
  if (typeof value === "string") return value;
  throw new MalformedMessageError("a text", typeof value, name);
}
