import rosmsg from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import { expect } from "vitest";
import { createMessageConverter, MalformedMessage, type MessageConverter } from "./message-converter.ts";
import { standardDefinition } from "./messages/standard-definitions.ts";

export const header = { stamp: { sec: 1700000000, nanosec: 123456789 }, frame_id: "front" };
export const metadata = '{"frame_id":"front","stamp_us":1700000000123456}';

export function textOf(type: string): string {
  return standardDefinition(type) ?? "";
}

export function encode(definition: string, message: unknown): Uint8Array {
  return new MessageWriter(rosmsg.parse(definition, { ros2: true })).writeMessage(message);
}

export function converterFor(
  type: string,
  topic = "/sensor",
  first?: Uint8Array,
  definition = textOf(type),
): MessageConverter {
  const data = new TextEncoder().encode(definition);
  const schema = { name: type.replace("/", "/msg/"), encoding: "ros2msg", data };
  return createMessageConverter({ topic, messageEncoding: "cdr", schema }, first);
}

export function convert(type: string, message: unknown, topic?: string) {
  const bytes = encode(textOf(type), message);
  const converter = converterFor(type, topic, bytes);
  expect(converter.problem).toBeUndefined();
  const payload = converter.convert(bytes);
  if (payload instanceof MalformedMessage) throw new Error(payload.reason);
  return { converter, payload, metadata: converter.metadata(bytes), view: viewOf(payload) };
}

export function reasonOf(converted: Uint8Array | MalformedMessage): string {
  return converted instanceof MalformedMessage ? converted.reason : "not malformed";
}

export function malformed(type: string, message: unknown, topic?: string): string {
  const bytes = encode(textOf(type), message);
  return reasonOf(converterFor(type, topic, bytes).convert(bytes));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function float32s(bytes: Uint8Array): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

export function float64s(bytes: Uint8Array, count = bytes.length / 8): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: count }, (_, index) => view.getFloat64(8 * index, true));
}
