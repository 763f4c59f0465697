/**
 * Checks over ranges of a guest's memory with SIMD instructions, in a small module that imports the memory.
 */

/** Functions of the module; addresses are aligned, and ranges lie in memory. */
export interface WideScan {
  /** Whether bytes are ASCII: 1 or 0. */
  ascii(address: number, bytes: number): number;
  /** Whether bytes are UTF-8. */
  utf8(address: number, bytes: number): number;
  /** Whether 16-bit units hold no surrogate without its partner. */
  utf16(address: number, units: number): number;
  /** Whether one of the floats is NaN. */
  nan32(address: number, floats: number): number;
  nan64(address: number, floats: number): number;
  /** Replaces every NaN by the canonical one. */
  canonical32(address: number, floats: number): void;
  canonical64(address: number, floats: number): void;
}

/** `wide-scan.wat` in binary, without names. A test compares the two. */
export const WIDE_SCAN_BASE64 = [
  "AGFzbQEAAAABDAJgAn9/AX9gAn9/AAIMAQAGbWVtb3J5AgAAAwgHAAAAAAEAAQdEBwVhc2NpaQAABHV0ZjgAAQV1dGYxNgACBW5h",
  "bjMyAAMLY2Fub25pY2FsMzIABAVuYW42NAAFC2Nhbm9uaWNhbDY0AAYKwwoHWgEBfwJAA0AgAUEQSQ0BIAD9AAAA/WQEQEEADwsg",
  "AEEQaiEAIAFBEGshAQwACwsCQANAIAFFDQEgAiAALQAAciECIABBAWohACABQQFrIQEMAAsLIAJBgAFJC6sCAQR/A0ACQANAIAFB",
  "EEkNASAA/QAAAP1kDQEgAEEQaiEAIAFBEGshAQwACwsgAUUEQEEBDwsgAC0AACECQQAhAyACQYABTwRAIAJBwgFJIAJB9AFLcgRA",
  "QQAPC0EBIQNBgAEhBEG/ASEFIAJB4AFPBEBBAiEDIAJB4AFGBEBBoAEhBAsgAkHtAUYEQEGfASEFCyACQfABTwRAQQMhAyACQfAB",
  "RgRAQZABIQQLIAJB9AFGBEBBjwEhBQsLCyABIANNBEBBAA8LIAAtAAEgBGsgBSAEa0sEQEEADwsgA0ECTwRAIAAtAAJBwAFxQYAB",
  "RwRAQQAPCwsgA0EDRgRAIAAtAANBwAFxQYABRwRAQQAPCwsLIANBAWohAyAAIANqIQAgASADayEBDAALAAukAQEBfwNAAkADQCAB",
  "QQhJDQEgAP0AAQBBgPAD/RD9TkGAsAP9EP0t/VMNASAAQRBqIQAgAUEIayEBDAALCyABRQRAQQEPCyAALwEAIQIgAkGA8ANxQYCw",
  "A0YEQCACQYC4A08gAUEBRnIEQEEADwsgAC8BAkGA+ANxQYC4A0cEQEEADwsgAEECaiEAIAFBAWshAQsgAEECaiEAIAFBAWshAQwA",
  "CwALlgEBBHsCQANAIAFBEEkNASAA/QACACECIAD9AAIQIQMgAP0AAiAhBCAA/QACMCEFIAIgAv1CIAMgA/1C/VAgBCAE/UIgBSAF",
  "/UL9UP1Q/VMEQEEBDwsgAEHAAGohACABQRBrIQEMAAsLAkADQCABRQ0BIAAqAgAgACoCAFwEQEEBDwsgAEEEaiEAIAFBAWshAQwA",
  "CwtBAAvrAQEFe0GAgID+B/0RIQYCQANAIAFBEEkNASAA/QACACECIAD9AAIQIQMgAP0AAiAhBCAA/QACMCEFIAIgAv1CIAMgA/1C",
  "/VAgBCAE/UIgBSAF/UL9UP1Q/VMEQCAAIAIgBiACIAL9Qf1S/QsCACAAIAMgBiADIAP9Qf1S/QsCECAAIAQgBiAEIAT9Qf1S/QsC",
  "ICAAIAUgBiAFIAX9Qf1S/QsCMAsgAEHAAGohACABQRBrIQEMAAsLAkADQCABRQ0BIAAqAgAgACoCAFwEQCAAQYCAgP4HNgIACyAA",
  "QQRqIQAgAUEBayEBDAALCwuWAQEEewJAA0AgAUEISQ0BIAD9AAMAIQIgAP0AAxAhAyAA/QADICEEIAD9AAMwIQUgAiAC/UggAyAD",
  "/Uj9UCAEIAT9SCAFIAX9SP1Q/VD9UwRAQQEPCyAAQcAAaiEAIAFBCGshAQwACwsCQANAIAFFDQEgACsDACAAKwMAYgRAQQEPCyAA",
  "QQhqIQAgAUEBayEBDAALC0EAC/UBAQV7QoCAgICAgID8/wD9EiEGAkADQCABQQhJDQEgAP0AAwAhAiAA/QADECEDIAD9AAMgIQQg",
  "AP0AAzAhBSACIAL9SCADIAP9SP1QIAQgBP1IIAUgBf1I/VD9UP1TBEAgACACIAYgAiAC/Uf9Uv0LAwAgACADIAYgAyAD/Uf9Uv0L",
  "AxAgACAEIAYgBCAE/Uf9Uv0LAyAgACAFIAYgBSAF/Uf9Uv0LAzALIABBwABqIQAgAUEIayEBDAALCwJAA0AgAUUNASAAKwMAIAAr",
  "AwBiBEAgAEKAgICAgICA/P8ANwMACyAAQQhqIQAgAUEBayEBDAALCws=",
].join("");

let compiled: WebAssembly.Module | "none" | undefined;

/** The functions for a memory; undefined where the engine or the processor has no SIMD. */
export function wideScanOf(memory: WebAssembly.Memory): WideScan | undefined {
  compiled ??= compile();
  if (compiled === "none") return undefined;
  return new WebAssembly.Instance(compiled, { "": { memory } }).exports as unknown as WideScan;
}

function compile(): WebAssembly.Module | "none" {
  const bytes = Uint8Array.from(atob(WIDE_SCAN_BASE64), (byte) => byte.charCodeAt(0));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : "none";
}
