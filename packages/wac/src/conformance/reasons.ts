/**
 * Whether an error says the same as the one that wac's tests expect: the same rule, and the same entity. The tables were
 * reviewed by hand: each line gives the words of `wac` and what ours must say in their place.
 */
import type { WacError, WacErrorCode } from "../errors.ts";

/** What the outermost message says → which rule that is here; two where ours tells two cases apart. */
const RULES: readonly (readonly [RegExp, ...WacErrorCode[]])[] = [
  [/^expected (?:either )?(?:`|identifier)/, "syntax"],
  [/ must contain at least one /, "empty-type"],
  [/ is not a valid semantic version$/, "invalid-version"],
  [/^function result cannot recursively contain a borrow type$/, "borrow-in-result"],
  [/^duplicate (?:case|field|flag) /, "duplicate-member"],
  [/^duplicate (?:function|constructor) parameter /, "duplicate-member"],
  [/^duplicate interface export /, "duplicate-member"],
  [/^duplicate (?:constructor|method .*) for resource /, "duplicate-member"],
  [/^duplicate `.*` in world include /, "include-conflict"],
  [/^duplicate instantiation argument /, "duplicate-argument"],
  [/^duplicate export /, "duplicate-export"],
  [/^duplicate import /, "duplicate-import"],
  [/^use of type .* conflicts with an (?:export|import) of the same name$/, "duplicate-member"],
  [/^(?:export|import) .* conflicts with existing .* in world /, "duplicate-member"],
  [/^(?:export|import) .* from world .* conflicts with .* in world /, "include-conflict"],
  [/^failed to (?:resolve|parse) package /, "invalid-package"],
  [/^mismatched instantiation argument /, "mismatched-argument"],
  [/^export .* conflicts with .* definition$/, "duplicate-export"],
  [/^(?:export|import) name .* is not valid$/, "invalid-extern-name"],
  [/^export statement requires an `as` clause/, "export-needs-name"],
  [/^implicit import argument `\.\.\.` must be the last argument$/, "fill-not-last"],
  [/^an instance is required to perform /, "not-an-instance"],
  [/ cannot be used (?:in a type alias|as a value type)$/, "not-a-type"],
  [/ is not a (?:resource type|function type)$/, "not-a-type"],
  [/ is not (?:an interface|a world|a function type or interface)$/, "wrong-kind"],
  [/^the instance has no export named /, "unknown-export"],
  [/^the instance has no matching exports /, "unmatched-spread"],
  [/^instance has no exports or all exports /, "unmatched-spread"],
  [/^missing instantiation argument /, "missing-argument"],
  [/^component .* has no import named /, "unknown-argument"],
  [/^package .* has no export named /, "unknown-path"],
  [/^target world .* requires an export named /, "target-export"],
  [/^target world .* does not have an import named /, "target-import"],
  [/ has a mismatched type for target world /, "target-mismatch"],
  [/^a type named .* is not defined in interface /, "undefined-name"],
  [/^undefined name /, "undefined-name", "used-before-definition"],
  [/^world .* does not have an import or export named /, "include-conflict"],
  // A declared type is exported under its name: one that is declared twice is a name given twice here.
  [/^type declaration .* conflicts with a previous export /, "duplicate-export", "duplicate-name"],
  [/^cannot instantiate the package being defined$/, "unknown-package"],
  [/^unknown package /, "unknown-package"],
  [/^import .* conflicts with an item that was implicitly imported /, "import-conflict"],
  [/^failed to merge the type definition for implicit import /, "merge-conflict"],
  // Graphs that are built without a text.
  [/^argument .* has already been passed to the instantiation$/, "duplicate-argument"],
  [/^the graph contains a cycle /, "cycle"],
  [/^an export with the name .* already exists$/, "duplicate-export"],
  [/^instance does not have an export named /, "unknown-export"],
  [/^an instantiation of package .* implicitly imports an item named /, "import-conflict"],
  [/^import name .* already exists in the graph$/, "duplicate-import"],
  [/^argument name .* is not an import of package /, "unknown-argument"],
  [/^expected source node to be an instance, /, "not-an-instance"],
  [/^the specified node is not an instantiation$/, "wrong-kind"],
  [/^package .* has already been registered in the graph$/, "duplicate-name"],
];

/** What a step on the way to a difference is called → how our way calls it. `""`: ours goes on without a step. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^mismatched type for export `(.*)`$/, "`$1`"],
  [/^mismatched type for function parameter `(.*)`$/, "`param $1`"],
  [/^mismatched type for function result$/, "`result`"],
  [/^mismatched type for result `ok`$/, "`ok`"],
  [/^mismatched type for result `err`$/, "`error`"],
  [/^mismatched type for list element$/, "`element`"],
  [/^mismatched type for option$/, ""],
  [/^mismatched type for record field `(.*)`$/, "`field $1`"],
  [/^mismatched type for variant case `(.*)`$/, "`case $1`"],
  [/^mismatched type for tuple item (\d+)$/, "`item $1`"],
];

/** What is found to differ → patterns for what we say is expected, what is found, and the last step of the way. */
const DIFFERENCES: readonly (readonly [RegExp, expected: string, found: string, step: string])[] = [
  [/^expected function with a result, found function without a result$/, ".", "^nothing$", "`result`$"],
  [/^expected function without a result, found function with a result$/, "^nothing$", ".", "`result`$"],
  [
    /^expected function with parameter count 1, found parameter count 0$/,
    "^params \\(\\w+\\)$",
    "^params \\(\\)$",
    "",
  ],
  [
    /^expected function parameter 0 to be named `(.*)`, found name `(.*)`$/,
    "^params \\($1\\)$",
    "^params \\($2\\)$",
    "",
  ],
  [
    /^expected enum case 1 to be named `(.*)`, found an enum case named `(.*)`$/,
    "^enum \\{ \\w+, $1,",
    "^enum \\{ \\w+, $2,",
    "",
  ],
  [
    /^expected flag 1 to be named `(.*)`, found a flag named `(.*)`$/,
    "^flags \\{ \\w+, $1,",
    "^flags \\{ \\w+, $2,",
    "",
  ],
  [
    /^expected record field 1 to be named `(.*)`, found a field named `(.*)`$/,
    "^fields \\(\\w+, $1,",
    "^fields \\(\\w+, $2,",
    "",
  ],
  [
    /^expected variant case 1 to be named `(.*)`, found a case named `(.*)`$/,
    "^variant \\{ \\w+, $1\\(",
    "^variant \\{ \\w+, $2\\(",
    "",
  ],
  [
    /^expected an enum type case count of 3, found a count of 4$/,
    "^enum \\{(?: \\w+,?){3} \\}$",
    "^enum \\{(?: \\w+,?){4} \\}$",
    "",
  ],
  [
    /^expected a flags type flag count of 3, found a count of 4$/,
    "^flags \\{(?: \\w+,?){3} \\}$",
    "^flags \\{(?: \\w+,?){4} \\}$",
    "",
  ],
  [
    /^expected a record field count of 3, found a count of 4$/,
    "^fields \\(\\w+(?:, \\w+){2}\\)$",
    "^fields \\(\\w+(?:, \\w+){3}\\)$",
    "",
  ],
  [
    /^expected a tuple of size 3, found a tuple of size 4$/,
    "^tuple<u8, string, tuple<u32>>$",
    "^tuple<u8, string, tuple<u32>, u16>$",
    "",
  ],
  [
    /^expected a variant case count of 3, found a count of 4$/,
    "^variant \\{ a, b.*, c[^,]*, \\w+>\\) \\}$",
    "^variant \\{ a, b.*, c.*, d \\}$",
    "",
  ],
  [
    /^expected a variant case count of 2, found a count of 1$/,
    "^variant \\{ \\w+, \\w+ \\}$",
    "^variant \\{ \\w+ \\}$",
    "",
  ],
  [/^expected variant case `(.*)` to be typed, found an untyped case$/, ".", "^nothing$", "`case $1`$"],
  [/^expected variant case `(.*)` to be untyped, found a typed case$/, "^nothing$", ".", "`case $1`$"],
  [/^expected an `ok` for result type$/, ".", "^nothing$", "`ok`$"],
  [/^expected an `err` for result type$/, ".", "^nothing$", "`error`$"],
  [/^expected no `ok` for result type$/, "^nothing$", ".", "`ok`$"],
  [/^expected no `err` for result type$/, "^nothing$", ".", "`error`$"],
  [/^instance is missing expected function export `(.*)`$/, "^func\\(", "^nothing: no export", "`$1`$"],
  [
    /^instance has unexpected (?:resource|function) export `(.*)`$/,
    "^nothing: no export",
    "^(?:resource|func)",
    "`$1`$",
  ],
  [/^expected resource `(.*)`, found resource `(.*)`$/, "^resource $1$", "resource $2$", ""],
  [/^expected (\w+), found (\w+)$/, "^(?:type )?$1\\b", "^(?:type )?$2\\b", ""],
  [/^(\w+) cannot be merged with (\w+)$/, "^$1\\b", "^$2\\b", ""],
];

/** Words for kinds of things, where ours show the type itself. */
const KIND_PATTERNS: Readonly<Record<string, string>> = { function: "func", instance: "instance" };

/** Causes inside packages: other decoders and assemblers tell the same in their own words. */
const PACKAGE_CAUSES: readonly (readonly [RegExp, RegExp])[] = [
  [/^unexpected token, expected one of: /, /unexpected token, expected one of: /],
  [/^unknown type 0: type index out of bounds/, /type index 0 is out of range/],
  [/ is not a binary-encoded WebAssembly component$/, /this is not WebAssembly|this is a core module/],
];

/** Names in kebab case and the like. */
const NAME_CAUSES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^export name cannot be a hash, url, or dependency$/,
    /an export name cannot be a hash, a URL or a dependency/,
  ],
  [/ is not in kebab case$/, /it is not in kebab case/],
];

/** Why an error is not the expected one; undefined where it is. */
export function differentReason(expected: readonly string[], error: WacError): string | undefined {
  const [head = "", ...causes] = expected;
  const rule = RULES.find(([pattern]) => pattern.test(head));
  const codes = (rule?.slice(1) ?? []) as readonly WacErrorCode[];
  if (codes.length === 0) {
    return `no rule is known for “${head}”`;
  }
  if (!codes.includes(error.code)) {
    return `expected the rule ${codes.join(" or ")}, found ${error.code}: ${error.message}`;
  }
  if (error.code === "syntax") {
    return differentSyntax(head, error);
  }
  const missing = namesIn(head).find((name) => !textOf(error).includes(name));
  if (missing !== undefined) {
    return `${missing} is not named: ${error.message}`;
  }
  return differentCause(causes, error);
}

function differentCause(causes: readonly string[], error: WacError): string | undefined {
  const way = error.notes.filter((note) => /^(?:at |the two differ)/.test(note)).join(" ");
  for (const cause of causes) {
    const step = STEPS.find(([pattern]) => pattern.test(cause));
    if (step !== undefined) {
      const name = cause.replace(step[0], step[1]);
      if (!way.includes(name)) {
        return `the way to the difference does not lead over ${name}: ${way}`;
      }
      continue;
    }
    const told = [...PACKAGE_CAUSES, ...NAME_CAUSES].find(([pattern]) => pattern.test(cause));
    if (told !== undefined ? !told[1].test(error.message) : !sameDifference(cause, way, error)) {
      return `“${cause}” is told as ${error.expected} / ${error.found}: ${error.message}`;
    }
  }
  return undefined;
}

function sameDifference(
  cause: string,
  way: string,
  { code, expected = "", found = "" }: Pick<WacError, "code" | "expected" | "found">,
): boolean {
  const known = DIFFERENCES.find(([pattern]) => pattern.test(cause));
  if (known === undefined) {
    return false;
  }
  const [pattern, ...patterns] = known;
  const groups = pattern.exec(cause) ?? [];
  const [wanted = "", given = "", step = ""] = patterns.map((source) =>
    source.replace(/\$(\d)/g, (_, group: string) => {
      const word = groups[Number(group)] ?? "";
      return KIND_PATTERNS[word] ?? word.replace(/[[\]().]/g, "\\$&");
    }),
  );
  const isSame = (a: string, b: string): boolean => new RegExp(wanted).test(a) && new RegExp(given).test(b);
  // Of two components that need different things, either may be called the one that is wrong.
  const isSwapped = code === "merge-conflict" && isSame(found, expected);
  return (isSame(expected, found) || isSwapped) && new RegExp(step).test(way);
}

/** Groups of tokens that our messages name together. */
const TOKEN_GROUPS: Readonly<Record<string, string>> = {
  identifier: "a name",
  variant: "a type declaration",
  record: "a type declaration",
  flags: "a type declaration",
  enum: "a type declaration",
  type: "a type declaration",
  u8: "a type",
  s8: "a type",
  u16: "a type",
  s16: "a type",
  u32: "a type",
  s32: "a type",
  u64: "a type",
  s64: "a type",
  f32: "a type",
};

/** The same token was found, and all that could stand there is named. */
function differentSyntax(head: string, error: WacError): string | undefined {
  const [, alternatives = "", found = ""] = /^expected (.*), found (.*)$/.exec(head) ?? [];
  const wantedFound = found === "end of input" ? "the end of the text" : (namesIn(found)[0] ?? found);
  if (error.found?.includes(wantedFound) !== true) {
    return `found ${found} is told as ${error.found}`;
  }
  const words = alternatives.match(/`[^`]+`|identifier/g) ?? [];
  const missing = words.find((word) => {
    const group = TOKEN_GROUPS[word.replaceAll("`", "")];
    return !(error.expected?.includes(word) || (group !== undefined && error.expected?.includes(group)));
  });
  return missing === undefined ? undefined : `${missing} is not among what is expected: ${error.expected}`;
}

function namesIn(message: string): readonly string[] {
  return message.match(/`[^`]+`/g) ?? [];
}

function textOf({ message, notes }: WacError): string {
  return [message, ...notes].join("\n");
}
