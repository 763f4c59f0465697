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
  "bjMyAAMLY2Fub25pY2FsMzIABAVuYW42NAAFC2Nhbm9uaWNhbDY0AAYK7QsHnAEBAX8CQANAIAFBwABJDQEgAP0AAAAgAP0AABD9",
  "UCAA/QAAICAA/QAAMP1Q/VD9ZA0BIABBwABqIQAgAUHAAGshAQwACwsCQANAIAFBEEkNASAA/QAAAP1kBEBBAA8LIABBEGohACAB",
  "QRBrIQEMAAsLAkADQCABRQ0BIAIgAC0AAHIhAiAAQQFqIQAgAUEBayEBDAALCyACQYABSQuSAwEFfwNAAkADQCABQRBJDQEgAP0A",
  "AAD9ZCECIAIEQCAAIAJoaiEAIAEgAmhrIQEMAgsgAEEQaiEAIAFBEGshAQNAIAFBwABJDQEgAP0AAAAgAP0AABD9UCAA/QAAICAA",
  "/QAAMP1Q/VD9ZA0BIABBwABqIQAgAUHAAGshAQwACwsLIAFFBEBBAQ8LA0AgAC0AACEDQQAhBCADQYABTwRAIANBwgFJIANB9AFL",
  "cgRAQQAPC0EBIQRBgAEhBUG/ASEGIANB4AFPBEBBAiEEIANB4AFGBEBBoAEhBQsgA0HtAUYEQEGfASEGCyADQfABTwRAQQMhBCAD",
  "QfABRgRAQZABIQULIANB9AFGBEBBjwEhBgsLCyABIARNBEBBAA8LIAAtAAEgBWsgBiAFa0sEQEEADwsgBEECTwRAIAAtAAJBwAFx",
  "QYABRwRAQQAPCwsgBEEDRgRAIAAtAANBwAFxQYABRwRAQQAPCwsLIARBAWohBCAAIARqIQAgASAEayEBIAEEQCAALQAAQYABTw0B",
  "CwsMAAsAC6QBAQF/A0ACQANAIAFBCEkNASAA/QABAEGA8AP9EP1OQYCwA/0Q/S39Uw0BIABBEGohACABQQhrIQEMAAsLIAFFBEBB",
  "AQ8LIAAvAQAhAiACQYDwA3FBgLADRgRAIAJBgLgDTyABQQFGcgRAQQAPCyAALwECQYD4A3FBgLgDRwRAQQAPCyAAQQJqIQAgAUEB",
  "ayEBCyAAQQJqIQAgAUEBayEBDAALAAuWAQEEewJAA0AgAUEQSQ0BIAD9AAIAIQIgAP0AAhAhAyAA/QACICEEIAD9AAIwIQUgAiAC",
  "/UIgAyAD/UL9UCAEIAT9QiAFIAX9Qv1Q/VD9UwRAQQEPCyAAQcAAaiEAIAFBEGshAQwACwsCQANAIAFFDQEgACoCACAAKgIAXARA",
  "QQEPCyAAQQRqIQAgAUEBayEBDAALC0EAC+sBAQV7QYCAgP4H/REhBgJAA0AgAUEQSQ0BIAD9AAIAIQIgAP0AAhAhAyAA/QACICEE",
  "IAD9AAIwIQUgAiAC/UIgAyAD/UL9UCAEIAT9QiAFIAX9Qv1Q/VD9UwRAIAAgAiAGIAIgAv1B/VL9CwIAIAAgAyAGIAMgA/1B/VL9",
  "CwIQIAAgBCAGIAQgBP1B/VL9CwIgIAAgBSAGIAUgBf1B/VL9CwIwCyAAQcAAaiEAIAFBEGshAQwACwsCQANAIAFFDQEgACoCACAA",
  "KgIAXARAIABBgICA/gc2AgALIABBBGohACABQQFrIQEMAAsLC5YBAQR7AkADQCABQQhJDQEgAP0AAwAhAiAA/QADECEDIAD9AAMg",
  "IQQgAP0AAzAhBSACIAL9SCADIAP9SP1QIAQgBP1IIAUgBf1I/VD9UP1TBEBBAQ8LIABBwABqIQAgAUEIayEBDAALCwJAA0AgAUUN",
  "ASAAKwMAIAArAwBiBEBBAQ8LIABBCGohACABQQFrIQEMAAsLQQAL9QEBBXtCgICAgICAgPz/AP0SIQYCQANAIAFBCEkNASAA/QAD",
  "ACECIAD9AAMQIQMgAP0AAyAhBCAA/QADMCEFIAIgAv1IIAMgA/1I/VAgBCAE/UggBSAF/Uj9UP1Q/VMEQCAAIAIgBiACIAL9R/1S",
  "/QsDACAAIAMgBiADIAP9R/1S/QsDECAAIAQgBiAEIAT9R/1S/QsDICAAIAUgBiAFIAX9R/1S/QsDMAsgAEHAAGohACABQQhrIQEM",
  "AAsLAkADQCABRQ0BIAArAwAgACsDAGIEQCAAQoCAgICAgID8/wA3AwALIABBCGohACABQQFrIQEMAAsLCw==",
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
