/** Names of imports and exports as the component model has them, and their versions. */
import { parseName } from "@playhead/component-model";

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;
const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** Whether a text is a semantic version (semver.org, 2.0.0) with numbers of at most 64 bits. */
export function isVersion(text: string): boolean {
  const match = VERSION.exec(text);
  return match?.slice(1, 4).every((number) => BigInt(number) <= U64_MAX) ?? false;
}

/** Whether a name is the path of an interface: `ns:name/interface`, with or without a version. */
export function isInterfaceName(name: string): boolean {
  return parseName(name)?.kind === "interface";
}

/** The last segment of a path: `frames` of `adas:perception/frames@0.1.0`. Undefined where the name is no path. */
export function lastSegment(name: string): string | undefined {
  const slash = name.lastIndexOf("/");
  return slash === -1 ? undefined : name.slice(slash + 1).replace(/@.*$/, "");
}

/** Why a name can't be used for an import or export of a component; undefined where it can. */
export function refusedName(name: string, direction: "import" | "export"): string | undefined {
  const parsed = parseName(name);
  if (parsed !== undefined) {
    return parsed.kind === "dependency" && direction === "export"
      ? "an export name cannot be a hash, a URL or a dependency"
      : undefined;
  }
  return name.includes(":")
    ? "it is neither in kebab case nor the path of an interface (`ns:name/interface@1.0.0`)"
    : "it is not in kebab case";
}

/**
 * What versions of a name have in common when one may stand for the other: `a:b/c@1.2.3` is on the track `a:b/c@1`,
 * `a:b/c@0.2.1` on `a:b/c@0.2`. Other names, and versions that fit no other (`0.0.x`, pre-releases), are their own track.
 */
export function versionTrack(name: string): string {
  const { base, version } = splitVersion(name);
  const match = version === undefined ? null : VERSION.exec(version);
  if (match === null || match[4] !== undefined) {
    return name;
  }
  const [, major, minor] = match;
  if (major !== "0") {
    return `${base}@${major}`;
  }
  return minor === "0" ? name : `${base}@0.${minor}`;
}

/** Which of two names on the same track is the later version: positive where `a` is. */
export function compareVersions(a: string, b: string): number {
  const left = VERSION.exec(splitVersion(a).version ?? "");
  const right = VERSION.exec(splitVersion(b).version ?? "");
  for (const part of [1, 2, 3]) {
    const difference = BigInt(left?.[part] ?? 0) - BigInt(right?.[part] ?? 0);
    if (difference !== 0n) {
      return difference > 0n ? 1 : -1;
    }
  }
  return 0;
}

function splitVersion(name: string): { readonly base: string; readonly version: string | undefined } {
  const at = name.indexOf("@");
  return at === -1
    ? { base: name, version: undefined }
    : { base: name.slice(0, at), version: name.slice(at + 1) };
}
