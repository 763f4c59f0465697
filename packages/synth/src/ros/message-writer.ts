import { parse } from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import type { ChannelDeclaration } from "@playhead/recording";
import type { RosSchema } from "./schemas.ts";

/** The head of every message. */
export interface Stamp {
  readonly stamp: { readonly sec: number; readonly nanosec: number };
  readonly frame_id: string;
}

/** `timeUs` is µs since the Unix epoch. */
export function stampOf(timeUs: number, frame: string): Stamp {
  const sec = Math.floor(timeUs / 1e6);
  return { stamp: { sec, nanosec: (timeUs - sec * 1e6) * 1000 }, frame_id: frame };
}

/** Writes messages of one type as CDR. */
export class RosWriter {
  readonly #writer: MessageWriter;

  constructor(schema: RosSchema) {
    this.#writer = new MessageWriter(parse(schema.text, { ros2: true }));
  }

  write(message: object): Uint8Array {
    return this.#writer.writeMessage(message);
  }
}

/** A channel of ROS 2 messages. */
export function rosChannel(
  topic: string,
  schema: RosSchema,
  metadata: Readonly<Record<string, string>>,
): ChannelDeclaration {
  const data = new TextEncoder().encode(schema.text);
  return {
    topic,
    messageEncoding: "cdr",
    schema: { name: schema.name, encoding: "ros2msg", data },
    metadata,
  };
}

/** A field of a point: four bytes of float. */
export interface PointFieldDeclaration {
  readonly name: string;
  readonly offset: number;
  readonly datatype: number;
  readonly count: number;
}

/** Fields of points that consist of floats, one after the other. */
export function floatFields(...names: readonly string[]): readonly PointFieldDeclaration[] {
  return names.map((name, i) => ({ name, offset: 4 * i, datatype: 7, count: 1 }));
}

/** A cloud of points in no order: `values` holds the fields of each point in turn. */
export function cloudMessage(
  header: Stamp,
  fields: readonly PointFieldDeclaration[],
  values: Float32Array,
): object {
  const step = 4 * fields.length;
  return {
    header,
    height: 1,
    width: values.byteLength / step,
    fields,
    is_bigendian: false,
    point_step: step,
    row_step: values.byteLength,
    data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    is_dense: true,
  };
}
