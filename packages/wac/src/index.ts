export type * from "./ast.ts";
export { type CodeInstances, type CodeWire, codeInstances } from "./code-instances.ts";
export { CompositionBuilder, type Handle } from "./composition-builder.ts";
export { compositionOf } from "./composition-of.ts";
export { keepingDecode } from "./decode-cache.ts";
export { type EncodeOptions, encodeComposition } from "./encode/encode-composition.ts";
export { type RelatedPlace, WacError, type WacErrorCode, type WacErrorDetails } from "./errors.ts";
export { formatWacError } from "./format-error.ts";
export type {
  AliasNode,
  Composition,
  CompositionText,
  DefinitionNode,
  GraphNode,
  ImportNode,
  InstantiationNode,
  Package,
  PackageExport,
} from "./graph.ts";
export { type LinkedComposition, type LinkedExport, type LinkOptions, type LinkValue, link } from "./link.ts";
export { type ExportedInstance, exportedInstances, order } from "./order.ts";
export {
  type Decode,
  type LoadedPackage,
  loadPackages,
  type PackageAnswer,
  type PackageReference,
  type PackageResolver,
  type PackageSet,
} from "./packages.ts";
export { parseWac } from "./parse/document.ts";
export { type Pluggable, plug } from "./plug.ts";
export { documentJson, type Json } from "./print/document-json.ts";
export { graphDot } from "./print/graph-dot.ts";
export { graphSvg, type PicturedGraph } from "./print/graph-svg.ts";
export { printWac } from "./print/print-wac.ts";
export { type ComposeOptions, compose, resolveComposition } from "./resolve/resolve.ts";
export type { Range } from "./source.ts";
export { type Wire, wiresOf } from "./wires.ts";
export { type WorldMisfit, worldMisfits, worldsOf } from "./world-fit.ts";
