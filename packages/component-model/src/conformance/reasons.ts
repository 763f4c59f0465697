/**
 * What the scripts of the specification and of wasmtime expect an error to say (the words of their validator), and the words
 * of this host for the same reason. Reviewed by hand: an assertion holds only when the host's error has the code and the
 * words of its row.
 *
 * Left: an expression for the whole of the expected text. Right: one for a part of the host's message, in which `$1` … stand
 * for what the groups on the left matched.
 */
export type Reason = readonly [expected: string, found: string];

const sorts = "(?:core )?\\w+";

/** Index spaces and aliases. */
const indices: readonly Reason[] = [
  ["(\\w+) index out of bounds", "$1 index \\d+ is out of range"],
  ["index out of bounds", "index \\d+ is out of range"],
  ["unknown tag (\\d+): tag index out of bounds", "core tag index $1 is out of range"],
  ["unknown (module|component)", "$1 index \\d+ is out of range"],
  ["invalid outer alias count", "outer alias reaches \\d+ scopes out"],
  ["invalid outer alias count of (\\d+)", "outer alias reaches $1 scopes out"],
  ["((?:core )?instance \\d+) has no export named `(.*)`", '$1 has no export "$2"'],
  ["no export named `(.*)`", 'has no export "$1"'],
  [
    "export `(.*)` for core instance (\\d+) is not a (\\w+)",
    `"$1" of core instance $2 is an? ${sorts}, expected a $3`,
  ],
  ["is not a module", `of instance \\d+ is an? ${sorts}, expected a module`],
  [
    "may only refer to types or instances",
    "inside an? (component|instance) type: only (instances and )?types are allowed",
  ],
  ["transitively refers to resources", "outer alias of a type that refers to resources"],
  ["type index (\\d+) is not a defined type", "type $1 is an? \\w+ type, expected a value type"],
  ["type index (\\d+) is not a function type", "type $1 is an? \\w+ type, expected a func type"],
  ["type index (\\d+) is not an instance type", "type $1 is an? \\w+ type, expected an instance type"],
  ["type index (\\d+) is not a resource type", "type $1 is an? \\w+ type, expected a resource type"],
  ["core type index (\\d+) is not a module type", "core type $1 is a func type, expected a module type"],
  ["not a function type", "type \\d+ is an? \\w+ type, expected a func type"],
  ["not a resource type", "type \\d+ is an? \\w+ type, expected a resource type"],
];

/** What members of types are called: by the scripts, by this host. */
const members: readonly [string, string][] = [
  ["record field", "field"],
  ["variant case", "case"],
  ["flag", "flag"],
  ["enum tag", "enum case"],
  ["function parameter", "parameter"],
];

const labels: readonly Reason[] = members.flatMap(([theirs, ours]): Reason[] => [
  [`${theirs} name cannot be empty`, `${ours} name "" is not in kebab case`],
  [`${theirs} name \`(.*)\` is not in kebab case`, `${ours} name "$1" is not in kebab case`],
  [
    `${theirs} name \`(.*)\` conflicts with previous \\w+ name \`(.*)\``,
    `${ours} name "$1" conflicts with the earlier "$2"`,
  ],
]);

/** Names of imports and exports, and what they promise. */
const names: readonly Reason[] = [
  ...labels,
  ["`(.*)` is not in kebab case", '"$1" is not in kebab case'],
  ["is not a valid extern name", "is not a valid name of an (import|export)"],
  ["failed to find `\\.` character", "expected a `\\.` between the resource and the function"],
  [
    "(import|export) name `(.*)` conflicts with previous name `(.*)`",
    '$1 name "$2" conflicts with the earlier "$3"',
  ],
  ["conflicts with previous name", "name .* conflicts with the earlier"],
  [
    "empty string|unexpected character '.'|unexpected end of input|empty identifier segment",
    "is not a semantic version",
  ],
  ["expected `/` after package name", "expected `/` after the name of the package"],
  ["trailing characters found: `(.*)`", 'unexpected "$1" after the name of the interface'],
  ["is not a func", "expected a function, found"],
  ["should return one value", "expected a function that returns own<\\w+>.*, found func\\([^)]*\\) \\(byte"],
  [
    "(?:function )?should return `\\(own \\$T\\)`.*",
    "expected a function that returns own<\\w+>.*, found func\\(.*\\) ->",
  ],
  ["function does not match expected resource name `(.*)`", "its resource is named $1 here, expected"],
  ["does not match expected resource name", "its resource is named \\w+ here, expected"],
  [
    "resource used in function does not have a name in this context",
    "its resource has no name among the (im|ex)ports",
  ],
  ["static resource name is not known in this context", "no resource \\w+ is named before it"],
  ["should have at least one argument", "first parameter is self: borrow<\\w+>, found func\\(\\)"],
  [
    "should have a first argument called `self`",
    "first parameter is self: borrow<\\w+>, found func\\((?!self:)",
  ],
  [
    "should take a first argument of `\\(borrow \\$T\\)`",
    "is self: borrow<\\w+>, found func\\(self: (?!borrow)",
  ],
  ["duplicate 'implements' option in name", "attribute implements given twice"],
  ["must be an interface|not a valid name", "implements .*: expected the name of an interface"],
  ["only instances can have an `implements`", "only instances can implement an interface"],
  ["name `(.*)` is not valid with `implements`", "$1: only a plain name can come with what is implemented"],
  [
    "(func|type|instance) not valid to be used as (import|export)",
    '$2 ".*": this $1 mentions .*, which no earlier',
  ],
];

/** Definitions of types. */
const types: readonly Reason[] = [
  ["(record|tuple|variant|enum)(?: type)? must have at least one \\w+", "$1 without any member"],
  ["flags must have at least one entry", "flags without any member"],
  ["cannot have more than 32 flags", "flags with \\d+ labels, the limit is 32"],
  ["exceeds maximum byte size", "type of \\d+ bytes per element, the limit is 268435456"],
  ["type nesting is too deep", "type nested deeper than \\d+"],
  ["function result cannot contain a `borrow` type", "function result with a borrow"],
  [
    "resources can only be defined within a concrete component",
    "resource defined inside an? (component|instance) type",
  ],
  ["wrong signature for a destructor", "destructor of the core type .*, expected \\(i32\\) -> \\(\\)"],
  ["not a local resource", "resource\\.\\w+ of resource .*, which this component does not define"],
];

/** Core modules and their types. */
const core: readonly Reason[] = [
  ["type mismatch", "core module at byte \\d+: Compiling function"],
  ["memory size must be at most", "memory at byte \\d+ of more than 65536 pages"],
  [
    "(?:export )?name `(.*)` already defined",
    '(duplicate export "$1" in a module type|core export "$1" given twice)',
  ],
  ["duplicate import name `(.*?):(.*)`", 'duplicate import "$1" "$2" (of a core module|in a module type)'],
];

/** Canonical definitions. */
const canonical: readonly Reason[] = [
  ["canonical option `(memory|realloc)` is required", "canon (lift|lower) without the option $1"],
  [
    "canonical option `realloc` requires `memory` to also be specified",
    "canonical option realloc without memory",
  ],
  ["canonical encoding option `.*` conflicts with option `.*`", "canonical option encoding given twice"],
  ["(?:canonical option )?`(.*)` is specified more than once", "canonical option $1 given twice"],
  [
    "canonical option `(.*)` uses a core function with an incorrect signature",
    "^$1: expected the core type .*, found",
  ],
  ["canonical option `post-return` cannot be specified for lowerings", "post-return given to canon lower"],
  [
    "lowered (?:parameter|result) types `\\[\\]` do not match (?:parameter|result) types `\\[I32\\]`",
    "canon lift: expected the core type \\(\\) -> \\(\\), found .*i32",
  ],
];

/** Arguments that do not fit. */
const subtypes: readonly Reason[] = [
  ["missing import named `(.*)`", 'missing argument "$1" of an instance'],
  ["(?:duplicate module )?instantiation argument (?:named )?`(.*?)`.*", 'argument "$1" given twice'],
  ["resource types are not the same", "expected resource .*, found another resource"],
  ["expected own, found borrow", "expected (?!borrow).*, found borrow<"],
  ["expected primitive `(\\w+)` found primitive `(\\w+)`", "expected $1, found $2"],
  ["expected primitive, found (record)", "expected u32, found $1 \\{"],
  ["expected record, found u32", "expected record \\{.*, found u32"],
  ["expected resource, found defined type", "expected resource .*, found type "],
  ["expected defined type, found resource", "expected type .*, found resource "],
  ["(?:type mismatch in )?(?:record field|expected field) `(.*)`", "/ field $1: expected"],
  ["expected 1 fields, found 2", "expected fields \\(\\w+\\), found fields \\(\\w+, \\w+\\)"],
  ["expected field name `(.*)`, found `(.*)`", "expected fields \\($1\\), found fields \\($2\\)"],
  ["expected 1 cases, found 2", "expected variant \\{ [^,]* \\}, found variant \\{ [^,]*, [^,]* \\}"],
  ["expected case named `(.*)`, found `(.*)`", "expected variant \\{ $1\\b.* \\}, found variant \\{ $2\\b"],
  ["expected case `(.*)` to have a type, found none", "/ case $1: expected (?!nothing).*, found nothing"],
  ["expected case `(.*)` to have no type", "/ case $1: expected nothing, found"],
  ["type mismatch in variant case `(.*)`", "/ case $1: expected (?!nothing).*, found (?!nothing)"],
  ["expected 1 types, found 2", "expected tuple<\\w+>, found tuple<\\w+, \\w+>"],
  ["type mismatch in tuple field (\\d+)", "/ item $1: expected"],
  ["mismatch in (flags|enum) elements", "expected $1 \\{.*, found $1 \\{"],
  ["type mismatch in ok variant", "/ ok: expected (?!nothing).*, found (?!nothing)"],
  ["type mismatch in err variant", "/ error: expected (?!nothing).*, found (?!nothing)"],
  ["expected ok type to not be present", "/ ok: expected nothing, found"],
  ["expected ok type, but found none", "/ ok: expected .*, found nothing"],
  ["expected err type to not be present", "/ error: expected nothing, found"],
  ["expected err type, but found none", "/ error: expected .*, found nothing"],
  ["expected a result, found none", "/ result: expected nothing, found"],
  ["expected 0 parameters, found 1", "expected params \\(\\), found params \\(\\w+\\)"],
  ["expected parameter named `(.*)`, found `(.*)`", "expected params \\($1\\), found params \\($2\\)"],
  ["type mismatch in function parameter `(.*)`", "/ param $1: expected"],
  ["type mismatch with result type", "/ result: expected (?!nothing).*, found (?!nothing)"],
  ["type mismatch in instance export `(.*)`", "/ $1: expected"],
  ["expected (func|component), found (component|instance)", "expected $1.*, found $2"],
  ["ascribed type of export is not compatible", "export .*: declared as .*, but it is"],
];

/** Arguments of core modules, and modules as arguments. */
const coreSubtypes: readonly Reason[] = [
  ["missing module instantiation argument", "core import .* is missing: .*, no argument of that name"],
  [
    "does not export an item named `(.*)`",
    'core import .* "$1" is missing: .*, the given instance has no such export',
  ],
  ["expected: \\(func\\)", "core import .*: expected func \\(\\) -> \\(\\), found func"],
  ["expected global type (\\w+), found (\\w+)", "expected global (mut )?$1, found global (mut )?$2"],
  ["expected table element type (\\w+), found (\\w+)", "expected table .* $1, found table .* $2"],
  ["mismatch in table limits", "expected table [\\d.]+ (\\w+), found table [\\d.]+ \\w+"],
  ["mismatch in memory limits", "expected memory [\\d.]+, found memory [\\d.]+"],
  ["expected global, found func", "expected global .*, found func"],
  ["type mismatch in import `(.*)::(.*)`", "/ import $1 $2: expected (?!no such import)"],
  ["missing expected import `(.*)::(.*)`", "/ import $1 $2: expected no such import"],
  ["missing expected export `(.*)`", "/ (export )?$1: expected .*, found nothing"],
  ["type mismatch in export `(.*)`", "/ export $1: expected .*, found (?!nothing)"],
];

export const invalid: readonly Reason[] = [
  ...indices,
  ...names,
  ...types,
  ...core,
  ...canonical,
  ...subtypes,
  ...coreSubtypes,
];

/** Where the scripts say "invalid leading byte (0x5) for …", and what this host was about to read there. */
const leadingBytes: readonly Reason[] = (
  [
    ["alias", "target of an alias"],
    ["canonical function", "canonical function"],
    ["canonical function lift", "sort of a lifted function"],
    ["canonical function lower", "sort of a lowered function"],
    ["canonical option", "canonical option"],
    ["component defined type", "invalid type"],
    ["component external kind", "(invalid sort|kind of an import or export|kind of a core import or export)"],
    ["component function results", "result list"],
    ["component name", "form of a name"],
    ["component or instance type declaration", "declaration"],
    ["core instance", "form of a core instance"],
    ["instance", "form of an instance"],
    ["instantiation arg kind", "sort of an argument of a core instance"],
    ["name option", "attribute"],
    ["number of results", "empty result list"],
    ["optional component export type", "\\(none\\) or .* \\(some\\)"],
    ["outer alias kind", "sort of an alias in a module type"],
    ["outer alias target", "kind of an alias in a module type"],
    ["type bound", "bound of a type"],
    ["type definition", "declaration"],
    ["zero byte required", "end of a case"],
  ] as const
).map(
  ([theirs, ours]): Reason => [`invalid leading byte \\(0x(\\w+)\\) for ${theirs}`, `${ours}.* 0x0?$1\\b`],
);

export const malformed: readonly Reason[] = [
  ...leadingBytes,
  ["invalid leading byte \\(0x(\\w+)\\) for component outer alias kind", "invalid (core )?sort 0x0?$1\\b"],
  [
    "invalid leading byte \\(0x[15]\\) for component outer alias kind",
    "outer alias of an? (func|instance): expected a type, module or component",
  ],
  ["unexpected end-of-file", "(unexpected end|announced, but only \\d+ bytes are left)"],
  ["malformed UTF-8 encoding", "invalid UTF-8 in a name"],
  ["malformed section id", "invalid section \\d+ of a component"],
  ["section out of order", "section \\d+ of a core module is out of order"],
  ["integer too large", "invalid LEB128: more than 32 bits"],
  ["expected a version header for a module", "version of a core module: expected 1"],
  ["expected a version header for a component", "this is a core module, not a component"],
  ["unknown binary version", "component of version 0x\\w+ and layer \\d+: expected"],
];

export const traps: readonly Reason[] = [
  ["(?:wasm trap: )?unaligned pointer", "(unaligned pointer|result not aligned)"],
  ["string pointer not aligned to 2", "unaligned pointer of a string"],
  [
    "string content out-of-bounds",
    "(string pointer/length out of bounds of memory|realloc return: beyond end of memory)",
  ],
  ["wasm trap: list content out-of-bounds", "realloc return: beyond end of memory"],
  ["(?:wasm trap: )?(?:wasm `unreachable` instruction executed|unreachable)", "RuntimeError: unreachable"],
  ["cannot enter component instance", "instance .* trapped earlier"],
  ["discriminant (\\d+) out of range \\[0\\.\\.\\d+\\)", "invalid variant discriminant $1"],
  [
    "(handle index \\d+ used with the wrong type), expected (.*-defined resource) but found a different (.*-defined resource)",
    '$1, expected $2 ".*" but found a different $3 "',
  ],
];

export const unlinkable: readonly Reason[] = [
  ["was not found", "(missing import .*: expected|: expected .*, found nothing)"],
  ["expected (\\w+) found (\\w+)", "expected (core )?$1.*, found ((a value of type|core) )?$2"],
  ["expected function found (\\w+)", "expected func.*, found $1"],
  // Of a module's import, the scripts say what it needs as what was found.
  ["expected (\\w+) found (\\w+)", "import .* .*: expected $2 .*, found $1"],
  ["mismatched resource types", "expected (the same )?resource .*, found another"],
  ["module export `(.*)` not defined", "export $1: expected .*, found nothing"],
  ["module import `(.*)::(.*)` not defined", "import $1 $2: expected no such import, found"],
  ["module import `(.*)::(.*)` has the wrong type", "import $1 $2: expected (?!no such import).*, found"],
  ["export `(.*)` has the wrong type", "export $1: expected .*, found (?!nothing)"],
  [
    "expected type `\\(func \\(param i32\\)\\)`, found type `\\(func\\)`",
    "expected func \\(i32\\) -> \\(\\), found func \\(\\) -> \\(\\)",
  ],
];
