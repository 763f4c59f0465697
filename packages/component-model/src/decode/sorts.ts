import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import type { CoreSort } from "./steps.ts";

/** What an index refers to. Core sorts carry the prefix, except for modules, which components pass around. */
export type Sort =
  | "func"
  | "type"
  | "component"
  | "instance"
  | "module"
  | `core ${CoreSort}`
  | "core type"
  | "core instance";

const coreSorts = new Map<number, Sort>([
  [0x00, "core func"],
  [0x01, "core table"],
  [0x02, "core memory"],
  [0x03, "core global"],
  [0x04, "core tag"],
  [0x10, "core type"],
  [0x11, "module"],
  [0x12, "core instance"],
]);

const sorts = new Map<number, Sort>([
  [0x01, "func"],
  [0x03, "type"],
  [0x04, "component"],
  [0x05, "instance"],
]);

export function readSort(reader: Reader): Sort {
  const offset = reader.offset;
  const code = reader.u8();
  if (code === 0x00) return readCoreSort(reader);
  if (code === 0x02) throw unsupported("values as imports, exports and arguments", offset);
  const sort = sorts.get(code);
  if (sort === undefined) throw reader.malformed(`invalid sort ${hex(code)}`, offset);
  return sort;
}

export function readCoreSort(reader: Reader): Sort {
  const offset = reader.offset;
  const code = reader.u8();
  const sort = coreSorts.get(code);
  if (sort === undefined) throw reader.malformed(`invalid core sort ${hex(code)}`, offset);
  return sort;
}

/** The kind of core item, for sorts that core instances export. */
export function coreSortName(sort: Sort): CoreSort | undefined {
  switch (sort) {
    case "core func":
      return "func";
    case "core table":
      return "table";
    case "core memory":
      return "memory";
    case "core global":
      return "global";
    case "core tag":
      return "tag";
    default:
      return undefined;
  }
}
