import { readCoreModuleType } from "../binary/core-module.ts";
import { unsupported } from "../binary/core-types.ts";
import { hex, Reader } from "../binary/reader.ts";
import { validateCode } from "../binary/validate-code.ts";
import { ComponentModelError } from "../errors.ts";
import { readAlias } from "./aliases.ts";
import { readCanon } from "./canon.ts";
import { readCoreType } from "./core-types.ts";
import { readExport, readImport } from "./imports-exports.ts";
import { readCoreInstance, readInstance } from "./instances.ts";
import { readNames } from "./name-section.ts";
import { Scope } from "./scope.ts";
import type { ComponentNames, ComponentPlan, CoreModule } from "./steps.ts";
import { readType } from "./types.ts";

const magic = [0x00, 0x61, 0x73, 0x6d];

/** True when the bytes begin as a component does (and not as a core module). */
export function isComponent(bytes: Uint8Array): boolean {
  return [...magic, 0x0d, 0x00, 0x01, 0x00].every((byte, index) => bytes[index] === byte);
}

/** Decodes a component and, nested inside, all modules and components that it contains. */
export function readComponent(bytes: Uint8Array): ComponentPlan {
  const reader = new Reader(bytes);
  return readBody(reader, new Scope("component", undefined, 0));
}

const lastSection = 12;

function readBody(reader: Reader, scope: Scope): ComponentPlan {
  const offset = reader.offset;
  readPreamble(reader);
  let names: ComponentNames = { component: undefined, instances: new Map(), components: new Map() };
  while (!reader.done) {
    const at = reader.offset;
    const id = reader.u8();
    if (id > lastSection) throw reader.malformed(`invalid section ${id} of a component`, at);
    const section = reader.part(reader.u32());
    if (id === 0) names = readCustom(section) ?? names;
    else readSection(id, section, scope, at);
  }
  return { type: scope.componentType(), steps: scope.steps, names, offset };
}

function readPreamble(reader: Reader): void {
  const offset = reader.offset;
  for (const byte of magic) {
    if (reader.done || reader.u8() !== byte) {
      throw reader.malformed("this is not WebAssembly: the magic number \\0asm is missing", offset);
    }
  }
  const version = reader.u8() | (reader.u8() << 8);
  const layer = reader.u8() | (reader.u8() << 8);
  if (version === 0x0d && layer === 1) return;
  if (layer === 0) {
    throw new ComponentModelError(
      "malformed",
      "this is a core module, not a component; wrap it with `wasm-tools component new` (or the toolchain's own command)",
      { offset },
    );
  }
  throw reader.malformed(
    `component of version ${hex(version)} and layer ${layer}: expected 0x0d and 1`,
    offset + 4,
  );
}

function readSection(id: number, reader: Reader, scope: Scope, offset: number): void {
  switch (id) {
    case 1:
      readModule(reader, scope);
      return;
    case 2:
      reader.vector("core instances", () => readCoreInstance(reader, scope));
      break;
    case 3:
      reader.vector("core types", () => readCoreType(reader, scope));
      break;
    case 4:
      readNested(reader, scope);
      return;
    case 5:
      reader.vector("instances", () => readInstance(reader, scope));
      break;
    case 6:
      reader.vector("aliases", () => readAlias(reader, scope));
      break;
    case 7:
      reader.vector("types", () => readType(reader, scope));
      break;
    case 8:
      reader.vector("canonical functions", () => readCanon(reader, scope));
      break;
    case 9:
      throw unsupported("start definitions", offset);
    case 10:
      reader.vector("imports", () => readImport(reader, scope));
      break;
    case 11:
      reader.vector("exports", () => readExport(reader, scope));
      break;
    case 12:
      throw unsupported("value definitions", offset);
  }
  reader.finish(`section ${id} of a component`);
}

function readModule(reader: Reader, scope: Scope): void {
  const type = readCoreModuleType(reader.bytes, reader.offset, reader.end);
  const module: CoreModule = {
    bytes: reader.bytes.subarray(reader.offset, reader.end),
    offset: reader.offset,
    type,
  };
  validateCode(reader.bytes, reader.offset, reader.end);
  scope.modules.push(type);
  scope.steps.push({ op: "module", module });
}

function readNested(reader: Reader, scope: Scope): void {
  const plan = readBody(reader, new Scope("component", scope, reader.offset));
  scope.components.push(plan.type);
  scope.steps.push({ op: "component", plan });
}

/** Custom sections are skipped, except for the names. */
function readCustom(section: Reader): ComponentNames | undefined {
  return section.name() === "component-name" ? readNames(section) : undefined;
}
