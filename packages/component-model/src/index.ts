export { type Component, decodeComponent, isComponent } from "./component.ts";
export { ComponentWriter, type Reference } from "./encode/component-writer.ts";
export type { Sort } from "./encode/definitions.ts";
export type {
  Definition,
  FuncDefinition,
  Interface,
  Item,
  ResourceDefinition,
  Use,
  ValueDefinition,
  ValueUse,
  World,
} from "./encode/named-types.ts";
export { worldOf } from "./encode/read-world.ts";
export { instanceOf } from "./encode/replace.ts";
export { type Labelled, mapLabelled, mapOptional, mapShape, type Shape } from "./encode/shapes.ts";
export { TypeEncoder, UnreachableResource } from "./encode/type-encoder.ts";
export {
  ComponentError,
  ComponentModelError,
  type ErrorCode,
  type ErrorDetails,
  FuelError,
  TrapError,
} from "./errors.ts";
export { ComponentInstance, type InstantiateOptions, instantiate } from "./instantiate.ts";
export { type BorrowingOptions, borrowing } from "./link/borrowing.ts";
export { CallRecorder, type CallTotals } from "./link/call-recorder.ts";
export { type Caller, withCaller } from "./link/caller.ts";
export {
  describeInstances,
  type InstanceDescription,
  type InstanceGraph,
  type InstanceWire,
} from "./link/describe.ts";
export type {
  ComponentExtern,
  Extern,
  FuncExtern,
  InstanceExtern,
  ModuleExtern,
  TypeExtern,
} from "./link/externs.ts";
export { isExtern } from "./link/externs.ts";
export type { HostImport } from "./link/host.ts";
export { type HostState, withState } from "./link/host-state.ts";
export { exportsOf } from "./link/js-exports.ts";
export type { CallFigures, CallObserver, CallSite } from "./link/observe.ts";
export { findCompatible, isLabel, type ParsedName, parseName } from "./names.ts";
export type { Capture } from "./state/capture.ts";
export { BLOCK_PAGES, type MemoryImage, PAGE_BYTES, Page, PageList, zeroPage } from "./state/memory-image.ts";
export { DEFAULT_STACK_BYTES, Meter, type MeterOptions } from "./state/meter.ts";
export { mixed } from "./state/mixed.ts";
export { capture, fits, release, restore, restoreImages, snapshot, stateHash } from "./state/operations.ts";
export { MemoryPageStore, type PageStore } from "./state/page-store.ts";
export type { SavedState, Snapshot } from "./state/snapshot.ts";
export type {
  ComponentType,
  CoreExternType,
  CoreFuncType,
  CoreModuleType,
  CoreValueType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  NamedType,
  PrimitiveKind,
  ResourceType,
  ValueType,
  VariantCase,
} from "./types.ts";
export { rootType } from "./typing/named-types.ts";
export { printType } from "./typing/print-type.ts";
export { Substitution } from "./typing/substitute.ts";
export { checkSubtype, type Mismatch } from "./typing/subtype.ts";
