import { ComponentModelError } from "../errors.ts";
import { readCoreBinary } from "../rewrite/read-core-binary.ts";
import { rewriteModule } from "../rewrite/rewrite-module.ts";
import { surveyModule } from "../rewrite/survey.ts";

/**
 * Has the engine validate the core module in a part of `whole`: its code, its segments, whatever the decoder does not look into.
 * Constant expressions that this version of the engine lacks are the host's to evaluate: then the rest is validated.
 *
 * @throws ComponentModelError `invalid` with the place of what is wrong, or `unsupported` for a feature that this version of
 * the engine lacks.
 */
export function validateCode(whole: Uint8Array, start: number, end: number): void {
  const module = whole.subarray(start, end) as BufferSource;
  if (WebAssembly.validate(module)) {
    // What this engine takes and another might not, or might do in another way, is refused by name.
    surveyModule(readCoreBinary(whole, start, end), false);
    return;
  }
  const complaint = complaintAbout(module);
  if (!/constant expression/i.test(String(complaint))) throw refusal(complaint, start);
  const { bytes } = rewriteModule(whole, start, end, { metered: false, capped: false });
  // The places that the engine names now are those of the rewritten module.
  if (!WebAssembly.validate(bytes))
    throw refusal(String(complaintAbout(bytes)).replace(/ @\+\d+/, ""), start);
}

function complaintAbout(module: BufferSource): unknown {
  try {
    return new WebAssembly.Module(module);
  } catch (cause) {
    return cause;
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
];

function missingFeature(reason: string): string | undefined {
  const flag = /--experimental-wasm-([\w-]+)/.exec(reason)?.[1];
  if (flag !== undefined) return flags[flag] ?? flag;
  return phrases.find(([pattern]) => pattern.test(reason))?.[1];
}
