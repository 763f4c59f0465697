import {
  checkSubtype,
  type ExternType,
  type FuncType,
  type InstanceType,
  type ValueType,
} from "@playhead/component-model";

const string: ValueType = { kind: "string" };
const s64: ValueType = { kind: "s64" };
const fallible: ValueType = { kind: "result", ok: undefined, err: string };

function instance(functions: Record<string, FuncType>): ExternType {
  const exports = new Map(
    Object.entries(functions).map(([name, type]): [string, ExternType] => [name, { kind: "func", type }]),
  );
  return { kind: "instance", type: { exports } satisfies InstanceType };
}

/** What `playhead:sim/component` comes down to: a composed component may have lost the interface's name. */
const COMPONENT = instance({
  init: {
    params: [
      {
        name: "configuration",
        type: { kind: "list", element: { kind: "tuple", types: [string, string] }, length: undefined },
      },
    ],
    result: fallible,
  },
  step: { params: [{ name: "now", type: s64 }], result: fallible },
});

/** The part of `playhead:sim/view` that tells it from anything else; `render` is checked by its name and parameters. */
const VIEW = instance({
  "list-views": {
    params: [],
    result: {
      kind: "list",
      element: {
        kind: "record",
        fields: [
          { name: "name", type: string },
          { name: "title", type: string },
        ],
      },
      length: undefined,
    },
  },
});

/** Whether an exported instance is a unit: a subtype of `playhead:sim/component`. */
export function isUnit(type: ExternType): boolean {
  return checkSubtype(type, COMPONENT) === undefined;
}

/** Whether an exported instance draws: a subtype of `playhead:sim/view`. */
export function isView(type: ExternType): boolean {
  if (type.kind !== "instance" || checkSubtype(type, VIEW) !== undefined) return false;
  const render = type.type.exports.get("render");
  return render?.kind === "func" && render.type.params.map((param) => param.type.kind).join() === "u32,s64";
}
