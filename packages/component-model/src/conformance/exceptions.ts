/** Where a script expects what is particular to the engine that it was written for, or is not what the specification says. */
export interface Exception {
  /** The text that the script expects. */
  readonly expected: RegExp;
  /** What this host says instead; undefined: it refuses nothing. */
  readonly found: RegExp | undefined;
  readonly because: string;
}

const tooLong = /string of \d+ bytes is longer than 268435455/;

export const exceptions: readonly Exception[] = [
  {
    expected: /^(string content out-of-bounds|unreachable)$/,
    found: tooLong,
    because: "the specification's limit for strings (MAX_STRING_BYTE_LENGTH) is below that of the script",
  },
  {
    expected: /^unaligned pointer$/,
    found: /RuntimeError: unreachable/,
    because:
      "the script's realloc takes alignment 2 only; a string that shrinks to Latin-1 is reallocated with 1 (CanonicalABI.md, store_probably_utf16_to_latin1_or_utf16)",
  },
  {
    expected: /^(wasm trap: )?cannot enter component instance$/,
    found: undefined,
    because:
      "a call stays inside the instances that its caller is in, and may enter what they contain (CanonicalABI.md, ComponentInstance.entering_set)",
  },
  {
    expected:
      /^(root-level component imports are|exporting a component from the root component is) not supported$/,
    found: undefined,
    because: "a limit of wasmtime: this host takes and gives components at the root",
  },
  {
    expected: /is a reexport of an imported function which is not /,
    found: undefined,
    because: "a limit of wasmtime: this host exports what it imports",
  },
  {
    expected: /^the `cm-implements` feature is not active$/,
    found: undefined,
    because: "a setting of wasmtime: this host knows `implements`",
  },
  {
    expected: /^(was not found|expected resource found func)$/,
    found: undefined,
    because: "a resource of the host needs no class: any object may stand for one",
  },
];
