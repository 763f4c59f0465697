import { flatten } from "../../packages/component-model/src/abi/flatten.ts";
import { casesOf } from "../../packages/component-model/src/abi/layout.ts";
import type { FuncType, ValueType } from "../../packages/component-model/src/types.ts";

/**
 * Whether a function has a variant in flat values of which one case is a signed integer of up to 32 bits where another one needs an
 * i64. There jco 1.35 takes the i64 for the number: negative ones come out wrong, or are refused.
 */
export function sharesWideInteger({ params, result }: FuncType): boolean {
  return params.some(({ type }) => shares(type)) || (result !== undefined && shares(result));
}

function shares(type: ValueType): boolean {
  switch (type.kind) {
    case "record":
      return type.fields.some((field) => shares(field.type));
    case "tuple":
      return type.types.some(shares);
    case "list":
      return type.length !== undefined && shares(type.element);
    case "variant":
    case "option":
    case "result": {
      const parts = casesOf(type).flatMap((part) => part.type ?? []);
      return (flatten(type)?.includes("i64") && parts.some(isSigned)) || parts.some(shares);
    }
    default:
      return false;
  }
}

/** Whether a value has a signed integer of up to 32 bits among its flat values. */
function isSigned(type: ValueType): boolean {
  switch (type.kind) {
    case "s8":
    case "s16":
    case "s32":
      return true;
    case "record":
      return type.fields.some((field) => isSigned(field.type));
    case "tuple":
      return type.types.some(isSigned);
    case "list":
      return type.length !== undefined && isSigned(type.element);
    case "variant":
    case "option":
    case "result":
      return casesOf(type).some((part) => part.type !== undefined && isSigned(part.type));
    default:
      return false;
  }
}
