import { readCoreExternType, readCoreRecType, unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import type { CoreExternType, CoreFuncType, CoreModuleType } from "../types.ts";
import { invalid } from "./invalid.ts";
import { type CoreTypeEntry, IndexSpace, type Scope } from "./scope.ts";

/** One entry of a core type section: a function type or a module type. */
export function readCoreType(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const code = reader.peek();
  if (code === 0x00) throw unsupported("GC types", offset);
  if (code === 0x50) {
    reader.u8();
    scope.coreTypes.push({ kind: "module", type: readModuleType(reader, scope) });
  } else scope.coreTypes.push({ kind: "func", type: readCoreRecType(reader) });
}

function readModuleType(reader: Reader, scope: Scope): CoreModuleType {
  const types = new IndexSpace<CoreFuncType>("core type");
  const funcType = (index: number, offset: number) => types.get(index, offset);
  const imports: { module: string; name: string; type: CoreExternType }[] = [];
  const exports = new Map<string, CoreExternType>();
  reader.vector("declarations of a module type", () => {
    const offset = reader.offset;
    const code = reader.u8();
    switch (code) {
      case 0x00: {
        const module = reader.name();
        const name = reader.name();
        if (imports.some((item) => item.module === module && item.name === name)) {
          throw invalid(
            `duplicate import ${JSON.stringify(module)} ${JSON.stringify(name)} in a module type`,
            offset,
          );
        }
        imports.push({ module, name, type: readCoreExternType(reader, funcType) });
        break;
      }
      case 0x01:
        types.push(readCoreRecType(reader));
        break;
      case 0x02:
        types.push(readOuterCoreType(reader, scope));
        break;
      case 0x03: {
        const name = reader.name();
        if (exports.has(name))
          throw invalid(`duplicate export ${JSON.stringify(name)} in a module type`, offset);
        exports.set(name, readCoreExternType(reader, funcType));
        break;
      }
      default:
        throw reader.malformed(`invalid declaration ${hex(code)} in a module type`, offset);
    }
  });
  return { imports, exports };
}

/** `alias outer` inside a module type; the module type itself is scope 0. */
function readOuterCoreType(reader: Reader, scope: Scope): CoreFuncType {
  const offset = reader.offset;
  reader.expect(0x10, "sort of an alias in a module type");
  reader.expect(0x01, "kind of an alias in a module type");
  const count = reader.u32();
  const index = reader.u32();
  if (count === 0) throw invalid("alias of a module type's own type", offset);
  const entry: CoreTypeEntry = scope.outer(count - 1, offset).coreTypes.get(index, offset);
  if (entry.kind !== "func") throw invalid("alias of a module type inside a module type", offset);
  return entry.type;
}
