import type { MessageChannel } from "../message-converter.ts";
import { type MessageDefinition, parseDefinition, type SchemaText } from "../messages/definition.ts";
import { type ProtobufTypes, readProtobufTypes } from "../messages/foxglove/protobuf-types.ts";
import { isRosEncoding } from "../sensor-kind.ts";

/** Whether a field holds integers. Its name is the one that `flatten` gives it: `pose.position.x`, `ranges[3]`, `data.length` for how many bytes there are. */
export type IsInteger = (name: string) => boolean;

/** Which fields of a channel's messages hold integers, as its schema says: of ROS, Protocol Buffers, or JSON. Without a usable schema none does. */
export function integerFields({ messageEncoding, schema }: MessageChannel): IsInteger {
  if (schema === undefined) return never;
  try {
    if (isRosEncoding(messageEncoding))
      return rosIntegers(parseDefinition({ ...schema, wire: messageEncoding }));
    if (messageEncoding === "protobuf" && schema.encoding === "protobuf")
      return protobufIntegers(schema.name, readProtobufTypes(schema.data));
    return messageEncoding === "json" && schema.encoding === "jsonschema" ? jsonIntegers(schema) : never;
  } catch {
    return never;
  }
}

const never: IsInteger = () => false;

/** The fields on the way to a value, without their places in lists. */
function wayOf(name: string): string[] {
  return name.split(".").map((part) => part.replace(/(\[\d+\])+$/, ""));
}

const LENGTH = "length";
const BYTES = /^(uint8|byte|char)$/;
const ROS_INTEGERS = /^(u?int(8|16|32|64)|char|byte)$/;

function rosIntegers(definitions: readonly MessageDefinition[]): IsInteger {
  const types = new Map(definitions.map((definition) => [definition.name ?? "", definition]));
  return (name) => {
    let inside = definitions[0];
    let type = "";
    for (const part of wayOf(name)) {
      const field = inside?.definitions.find((one) => one.name === part && one.isConstant !== true);
      if (field === undefined) return part === LENGTH && BYTES.test(type);
      type = field.type;
      inside = types.get(type);
    }
    return ROS_INTEGERS.test(type);
  };
}

// Of FieldDescriptorProto.Type: int64, uint64, int32, fixed64, fixed32, uint32, enum, sfixed32, sfixed64, sint32, sint64.
const PROTOBUF_INTEGERS: ReadonlySet<number> = new Set([3, 4, 5, 6, 7, 13, 14, 15, 16, 17, 18]);

const PROTOBUF_BYTES = 12;

function protobufIntegers(message: string, types: ProtobufTypes): IsInteger {
  return (name) => {
    let inside = types.get(message);
    let type = 0;
    for (const part of wayOf(name)) {
      const field = [...(inside?.values() ?? [])].find((one) => one.name === part);
      if (field === undefined) return part === LENGTH && type === PROTOBUF_BYTES;
      type = field.type;
      inside = types.get(field.typeName);
    }
    return PROTOBUF_INTEGERS.has(type);
  };
}

type JsonSchema = Readonly<Record<string, unknown>>;

function jsonIntegers({ data }: SchemaText): IsInteger {
  const root = JSON.parse(new TextDecoder().decode(data)) as unknown;
  return (name) => {
    let inside: unknown = root;
    for (const part of wayOf(name)) {
      inside = property(inside, part);
      while (isObject(inside) && isObject(inside.items)) inside = inside.items;
    }
    return isObject(inside) && inside.type === "integer";
  };
}

function property(schema: unknown, name: string): unknown {
  const properties = isObject(schema) ? schema.properties : undefined;
  return isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
