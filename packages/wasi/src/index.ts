export { WasiError, type WasiErrorCode } from "./errors.ts";
export type { GuestState } from "./guest.ts";
export type { GuestSettings, Machine, OutputName, Source, WasiOptions } from "./options.ts";
export type { RandomState } from "./random-stream.ts";
export {
  type VirtualWasi,
  virtualWasi,
  type WasiImports,
  type WasiState,
} from "./virtual-wasi.ts";
