/**
 * The text format of components, by way of wasm-tools. They are large, and only those who write or read that format need
 * them: they are loaded when they are asked for.
 */

/**
 * The binary of a component in the text format.
 *
 * @throws Error with the place in the text, or where the tools are not installed
 */
export async function assemble(text: string): Promise<Uint8Array> {
  const { parse } = await loadTools();
  try {
    return await parse(text);
  } catch (cause) {
    throw new Error(assemblerMessage(toolMessage(cause)), { cause });
  }
}

/** The assembler prints its errors as data: place and reason are taken from there. */
function assemblerMessage(text: string): string {
  const reason = /kind: Custom\("((?:[^"\\]|\\.)*)"\)/.exec(text)?.[1];
  const [, line, column] = /line: (\d+), col: (\d+)/.exec(text) ?? [];
  if (reason === undefined || line === undefined) {
    return text;
  }
  return `line ${Number(line) + 1}, column ${Number(column) + 1}: ${reason.replace(/\\(.)/g, "$1")}`;
}

/**
 * A component in the text format.
 *
 * @throws Error where the tools are not installed
 */
export async function textOf(bytes: Uint8Array): Promise<string> {
  const { print } = await loadTools();
  return print(bytes);
}

async function loadTools(): Promise<typeof import("@bytecodealliance/jco-transpile/wasm-tools")> {
  try {
    return await import("@bytecodealliance/jco-transpile/wasm-tools");
  } catch (cause) {
    throw new Error(
      "the text format needs the package @bytecodealliance/jco-transpile, which is not installed",
      {
        cause,
      },
    );
  }
}

/** The tools throw errors whose text may lie in a payload. */
function toolMessage(cause: unknown): string {
  if (
    typeof cause === "object" &&
    cause !== null &&
    "payload" in cause &&
    typeof cause.payload === "string"
  ) {
    return cause.payload;
  }
  return cause instanceof Error ? cause.message : String(cause);
}
