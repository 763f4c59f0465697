import * as common from "@foxglove/rosmsg-msgs-common";

type Definition = (typeof common.ros2humble)[keyof typeof common.ros2humble];
type Field = Definition["definitions"][number];

const RELEASES: Readonly<Record<string, object>> = {
  galactic: common.ros2galactic,
  humble: common.ros2humble,
  iron: common.ros2iron,
  jazzy: common.ros2jazzy,
};

const SEPARATOR = `\n${"=".repeat(80)}\nMSG: `;

/**
 * The text (`ros2msg`) of a type of the standard packages, for bags that carry no definitions. `release` is a name such as `humble`, which also
 * stands for those that are not known: the standard types hardly change. Undefined for other types.
 */
export function standardText(type: string, release: string | undefined): string | undefined {
  const known = new Map(Object.entries(RELEASES[release ?? ""] ?? common.ros2humble)) as Map<
    string,
    Definition
  >;
  const root = known.get(shortName(type));
  if (root === undefined) return undefined;
  const parts: string[] = [];
  const seen = new Set([shortName(type)]);
  const waiting = [root];
  for (let definition = waiting.shift(); definition !== undefined; definition = waiting.shift()) {
    const lines = definition.definitions.map(lineOf).join("\n");
    parts.push(definition === root ? lines : `${definition.name}\n${lines}`);
    for (const field of definition.definitions) {
      if (field.isComplex !== true || seen.has(field.type)) continue;
      seen.add(field.type);
      const needed = known.get(field.type);
      if (needed === undefined) return undefined;
      waiting.push(needed);
    }
  }
  return parts.join(SEPARATOR);
}

function shortName(type: string): string {
  return type.replace("/msg/", "/");
}

/** The parser gives times types of their own; in a definition they are messages. */
const NAMES: Readonly<Record<string, string>> = {
  time: "builtin_interfaces/Time",
  duration: "builtin_interfaces/Duration",
};

function lineOf(field: Field): string {
  const bound = field.upperBound === undefined ? "" : `<=${field.upperBound}`;
  const length =
    field.arrayUpperBound === undefined ? (field.arrayLength ?? "") : `<=${field.arrayUpperBound}`;
  const type = `${NAMES[field.type] ?? field.type}${bound}${field.isArray === true ? `[${length}]` : ""}`;
  if (field.isConstant === true) return `${type} ${field.name}=${field.valueText ?? String(field.value)}`;
  const preset = field.defaultValue === undefined ? "" : ` ${JSON.stringify(field.defaultValue)}`;
  return `${type} ${field.name}${preset}`;
}
