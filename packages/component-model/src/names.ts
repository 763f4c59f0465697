/**
 * Names of imports and exports. Grammar: Explainer.md, "Import and Export Definitions"; the forms of dependencies
 * (`unlocked-dep=<…>` and the like) come from the same page's earlier editions and are what composers still write.
 */

export type ParsedName =
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "constructor"; readonly resource: string }
  | { readonly kind: "method" | "static"; readonly resource: string; readonly label: string }
  | { readonly kind: "interface"; readonly path: string; readonly version: string | undefined }
  | { readonly kind: "dependency"; readonly text: string };

const labelSource = "(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*";
const wordsSource = "[a-z][0-9a-z]*(?:-[0-9a-z]+)*";
const numberSource = "(?:0|[1-9][0-9]*)";
const preReleaseSource = `(?:${numberSource}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`;
const semverSource =
  `${numberSource}\\.${numberSource}\\.${numberSource}` +
  `(?:-${preReleaseSource}(?:\\.${preReleaseSource})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;
const canonicalSource = "[1-9][0-9]*|0\\.[1-9][0-9]*|0\\.0\\.[1-9][0-9]*";

const labelPattern = new RegExp(`^${labelSource}$`);
const wordsPattern = new RegExp(`^${wordsSource}$`);
const annotatedPattern = new RegExp(
  `^\\[(constructor|method|static)\\](${labelSource})(?:\\.(${labelSource}))?$`,
);
const interfacePattern = new RegExp(
  `^(${wordsSource}:${wordsSource}/${labelSource})(?:@(${semverSource}|${canonicalSource}))?$`,
);
const semverPattern = new RegExp(`^${semverSource}$`);
const canonicalPattern = new RegExp(`^(?:${canonicalSource}|0\\.0\\.0)$`);
const dependencyPattern =
  /^(?:unlocked-dep=<[a-z][^,]*>|locked-dep=<[^<>]+>(?:,integrity=<[^<>]+>)?|url=<[^<>]*>(?:,integrity=<[^<>]+>)?|relative-url=<[^<>]*>(?:,integrity=<[^<>]+>)?|integrity=<[^<>]+>)$/;

export function isLabel(text: string): boolean {
  return labelPattern.test(text);
}

/** The parts of an import's or export's name; `undefined` when it is no valid name. */
export function parseName(name: string): ParsedName | undefined {
  if (labelPattern.test(name)) return { kind: "label", label: name };
  const annotated = annotatedPattern.exec(name);
  if (annotated !== null) return parseAnnotated(annotated);
  const [, path, version] = interfacePattern.exec(name) ?? [];
  if (path !== undefined) return { kind: "interface", path, version };
  return dependencyPattern.test(name) ? { kind: "dependency", text: name } : undefined;
}

function parseAnnotated(match: RegExpExecArray): ParsedName | undefined {
  const [, annotation, resource, label] = match;
  if (resource === undefined) return undefined;
  if (annotation === "constructor")
    return label === undefined ? { kind: "constructor", resource } : undefined;
  return label === undefined
    ? undefined
    : { kind: annotation === "method" ? "method" : "static", resource, label };
}

/** What is wrong with a name that `parseName` does not take. */
export function explainName(name: string): string {
  const [, annotation, rest = ""] = /^\[([^\]]*)\](.*)$/s.exec(name) ?? [];
  if (annotation === "constructor") return notKebab(rest);
  if (annotation === "method" || annotation === "static") {
    const dot = rest.indexOf(".");
    if (dot < 0) return "expected a `.` between the resource and the function";
    return isLabel(rest.slice(0, dot)) ? notKebab(rest.slice(dot + 1)) : notKebab(rest.slice(0, dot));
  }
  if (annotation !== undefined) return `there is no annotation [${annotation}]`;
  return name.includes(":") ? explainInterface(name) : notKebab(name);
}

function explainInterface(name: string): string {
  const [path = "", ...versions] = name.split("@");
  const slash = path.indexOf("/");
  const [namespace = "", packageName = "", ...more] = (slash < 0 ? path : path.slice(0, slash)).split(":");
  for (const words of [namespace, packageName]) if (!wordsPattern.test(words)) return notKebab(words);
  if (slash < 0 || more.length > 0) return "expected `/` after the name of the package";
  const [projection = "", ...trailing] = path.slice(slash + 1).split("/");
  if (!isLabel(projection)) return notKebab(projection);
  if (trailing.length > 0) return `unexpected "/${trailing.join("/")}" after the name of the interface`;
  return `${JSON.stringify(versions.join("@"))} is not a semantic version`;
}

function notKebab(text: string): string {
  return `${JSON.stringify(text)} is not in kebab case`;
}

/**
 * Whether a version suffix fits an interface: its version is canonical (`1`, `0.2`), and the two together are a semantic
 * version.
 */
export function takesVersionSuffix(name: ParsedName, suffix: string): boolean {
  if (name.kind !== "interface" || name.version === undefined) return false;
  return canonicalPattern.test(name.version) && semverPattern.test(name.version + suffix);
}

/** Two names whose keys are equal may not stand beside each other (Explainer.md, "Name Uniqueness"). */
export function uniquenessKey(name: string): string {
  const parsed = parseName(name);
  if (parsed?.kind === "constructor") return name.toLowerCase();
  if (parsed?.kind === "method" || parsed?.kind === "static") {
    const resource = parsed.resource.toLowerCase();
    const label = parsed.label.toLowerCase();
    return resource === label ? resource : `${resource}.${label}`;
  }
  return name.toLowerCase();
}

/**
 * The part of a version that compatible versions share: `1.2.3` → `1`, `0.2.3` → `0.2`, `0.0.3` → `0.0.3`. Pre-releases
 * are compatible with nothing but themselves.
 */
function compatibilityTrack(version: string): string {
  const core = version.replace(/\+.*$/, "");
  if (core.includes("-")) return core;
  const [major = "0", minor, patch] = core.split(".");
  if (major !== "0" || minor === undefined) return major;
  return minor !== "0" || patch === undefined ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** Finds `name` among `candidates`: itself, or the same interface in the greatest compatible version. */
export function findCompatible(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = parseName(name);
  let best: string | undefined;
  let bestVersion = "";
  for (const candidate of candidates) {
    if (candidate === name) return candidate;
    if (wanted?.kind !== "interface" || wanted.version === undefined) continue;
    const found = parseName(candidate);
    if (found?.kind !== "interface" || found.version === undefined || found.path !== wanted.path) continue;
    if (compatibilityTrack(found.version) !== compatibilityTrack(wanted.version)) continue;
    if (best === undefined || compareVersions(found.version, bestVersion) > 0) {
      best = candidate;
      bestVersion = found.version;
    }
  }
  return best;
}

function compareVersions(a: string, b: string): number {
  const left = a.split(/[.+-]/).map(Number);
  const right = b.split(/[.+-]/).map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
