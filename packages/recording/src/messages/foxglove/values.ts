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

/** A list of a message; empty where it is left out. Throws a MalformedMessageError. */
export function listOf(message: MessageObject, name: string): readonly unknown[] {
  const value = message[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new MalformedMessageError("a list", typeof value, name);
}

/** A number of a list; NaN for what is none (JSON has null for it) or lies outside. */
export function numberAt(list: readonly unknown[], index: number): number {
  const value = list[index];
  return typeof value === "number" ? value : Number.NaN;
}
