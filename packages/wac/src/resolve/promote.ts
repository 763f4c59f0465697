import type { DefinedType, ExternType } from "@playhead/component-model";

/** What an item of a type is: of an interface, an instance; of a function type, a function; of a world, a component. */
export function promote(type: ExternType): ExternType {
  return type.kind === "type" ? promoteDefined(type.type) : type;
}

function promoteDefined(type: DefinedType): ExternType {
  switch (type.kind) {
    case "instance":
    case "func":
    case "component":
      return type;
    default:
      return { kind: "type", type };
  }
}
