// Builds a unit with each toolchain: node build.mjs <folder for the components>
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { componentize } from "@bytecodealliance/componentize-js";
import { componentEmbed, componentNew, preview1AdapterReactorPath } from "@bytecodealliance/jco";
import { runClang } from "@yowasp/clang";
import { componentize as componentizeQjs } from "componentize-qjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const witPath = here("../../wit/deps/playhead-sim");
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: here("."), stdio: ["ignore", "ignore", "inherit"] });

/** Types made from the contract, the workspace's compiler, StarlingMonkey. */
async function typescript() {
  run(
    process.execPath,
    "node_modules/@bytecodealliance/jco/src/jco.js",
    "guest-types",
    witPath,
    "--world-name",
    "unit",
    "-o",
    "build/types",
  );
  run(here("../../node_modules/.bin/tsc"), "-p", "ts");
  const { component } = await componentize({
    sourcePath: here("build/ts/unit.mjs"),
    witPath,
    worldName: "unit",
    disableFeatures: ["http", "fetch-event"],
  });
  return component;
}

/** QuickJS, without the async ABI. */
async function quickjs() {
  const jsSource = readFileSync(here("js/unit.js"), "utf8");
  const { component } = await componentizeQjs({ jsSource, witPath, world: "unit", sync: true });
  return component;
}

/** Clang for WASI preview 1, and the adapter that makes a component of it. */
async function c() {
  const sources = Object.fromEntries(
    ["unit.c", "playhead.h"].map((file) => [file, readFileSync(here(`c/${file}`), "utf8")]),
  );
  const args = [
    "clang",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-mexec-model=reactor",
    "unit.c",
    "-o",
    "unit.wasm",
  ];
  const { "unit.wasm": binary } = await runClang(args, sources, { fetchProgress: () => {} });
  const core = await componentEmbed({ binary, witPath, world: "unit", stringEncoding: "utf8" });
  return await componentNew(core, [["wasi_snapshot_preview1", readFileSync(preview1AdapterReactorPath())]]);
}

const out = process.argv[2] ?? here("build");
mkdirSync(out, { recursive: true });
mkdirSync(here("build"), { recursive: true });
for (const [name, build] of Object.entries({ typescript, quickjs, c })) {
  const start = performance.now();
  const component = await build();
  writeFileSync(join(out, `${name}.wasm`), component);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${(component.length / 1e6).toFixed(2)} MB in ${seconds} s`);
}
