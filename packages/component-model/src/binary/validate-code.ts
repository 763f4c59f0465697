import { ComponentModelError } from "../errors.ts";

/**
 * Has the engine validate a core module that starts at `offset` of the binary: its code, its segments, whatever the decoder
 * does not look into.
 *
 * @throws ComponentModelError `invalid` with the place of what is wrong, or `unsupported` for a feature that this version of
 * the engine lacks.
 */
export function validateCode(bytes: Uint8Array, offset: number): void {
  const source = bytes as BufferSource;
  if (WebAssembly.validate(source)) return;
  try {
    new WebAssembly.Module(source);
  } catch (cause) {
    throw refusal(cause, offset);
  }
}

/** The error for what the engine says against a module that starts at `offset`. */
export function refusal(cause: unknown, offset: number): ComponentModelError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const place = offset + Number(/@\+(\d+)/.exec(message)?.[1] ?? 0);
  const reason = message.replace(/^WebAssembly\.\w+\(\): /, "").replace(/ @\+\d+/, "");
  const feature = missingFeature(reason);
  return feature === undefined
    ? new ComponentModelError("invalid", `core module at byte ${offset}: ${reason} (byte ${place})`, {
        offset: place,
        cause,
      })
    : new ComponentModelError(
        "unsupported",
        `${feature} at byte ${place}: this version of the engine does not support it (${reason})`,
        { offset: place, cause },
      );
}

const flags: Readonly<Record<string, string>> = {
  exnref: "exception references",
  gc: "GC types",
  memory64: "memory64",
  "multi-memory": "several memories in one core module",
  "relaxed-simd": "relaxed SIMD",
  "typed-funcref": "typed function references",
};

/** What V8 says of features that it does not know yet, or does not enable. */
const phrases: readonly [RegExp, string][] = [
  [/at most one (imported )?memory|memory count of \d+ exceeds/i, "several memories in one core module"],
  [/invalid opcode 0x(1f|0a)\b/i, "exception references"],
  [/opcode 0x(6a|6b|6c|7c|7d|7e) is not allowed in constant expressions/i, "extended constant expressions"],
];

function missingFeature(reason: string): string | undefined {
  const flag = /--experimental-wasm-([\w-]+)/.exec(reason)?.[1];
  if (flag !== undefined) return flags[flag] ?? flag;
  return phrases.find(([pattern]) => pattern.test(reason))?.[1];
}
