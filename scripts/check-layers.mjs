// The dependency rule of ARCHITECTURE.md: a workspace may import only what stands here to the right of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;

/** Workspace folder → the workspaces that it may depend on. */
const ALLOWED = {
  "packages/component-model": [],
  "packages/exact-math": [],
  "packages/renderer": [],
  "packages/wac": ["component-model"],
  "packages/wasi": ["component-model"],
  "packages/recording": ["exact-math"],
  "packages/store": ["recording"],
  "packages/formats": ["exact-math", "recording"],
  "packages/guest": ["component-model"],
  "packages/synth": ["exact-math", "recording", "store"],
  "packages/simulator": ["component-model", "exact-math", "recording", "store", "wac", "wasi"],
  "apps/studio": [],
  "apps/server": ["renderer", "simulator", "studio"],
  "apps/cli": [
    "component-model",
    "components",
    "formats",
    "recording",
    "renderer",
    "server",
    "simulator",
    "store",
    "synth",
    "wac",
  ],
  components: ["guest"],
};

/** The sentence that names what is wrong, for each dependency that the rule forbids. */
export function violations(allowed, manifestOf) {
  return Object.entries(allowed).flatMap(([folder, names]) => {
    const { dependencies = {}, devDependencies = {} } = manifestOf(folder);
    const isGuestTool = folder === "components";
    return Object.keys(isGuestTool ? { ...dependencies, ...devDependencies } : dependencies)
      .filter((name) => name.startsWith("@playhead/") || name === "playhead")
      .map((name) => name.replace("@playhead/", ""))
      .filter((name) => !names.includes(name))
      .map((name) => `${folder} depends on ${name}: allowed are ${names.join(", ") || "none of ours"}`);
  });
}

const found = violations(ALLOWED, (folder) =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
);
for (const line of found) console.error(line);
console.log(
  found.length === 0 ? "Layers: as ARCHITECTURE.md says" : `Layers: ${found.length} forbidden dependencies`,
);
process.exitCode = found.length === 0 ? 0 : 1;
