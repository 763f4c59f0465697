/** The command `playhead-guest`. */

import { execFile } from "node:child_process";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { type BuiltGuest, buildGuest, writeBindings } from "./build/build-guest.ts";
import { findManifests, type Manifest } from "./manifest.ts";

const HELP = `playhead-guest: builds WebAssembly components for Playhead from AssemblyScript

  playhead-guest build [dir] [--force] [--only name]   builds the guests of the folder (default: here) that have changed
  playhead-guest bindings [dir]                        only generates the bindings, for the editor

A guest is a folder with a playhead.json; dir holds one or is one. The bindings go to generated/ and the components to
build/<namespace>/<name>.wasm beside the guests' folders.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: "boolean" }, help: { type: "boolean", short: "h" }, only: { type: "string" } },
  });
  const [command, folder = "."] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const manifests = findManifests(folder).filter(
    (each) => values.only === undefined || each.name === values.only,
  );
  if (command === "bindings") {
    for (const manifest of manifests) await writeBindings(manifest);
  } else if (command === "build") {
    const options = { force: values.force ?? false };
    if (values.only !== undefined || manifests.length === 1) await buildHere(manifests, options);
    else await buildApart(manifests, options);
  } else {
    throw new Error(`There is no command ${command}; expected build or bindings.`);
  }
}

async function buildHere(manifests: readonly Manifest[], options: { force: boolean }): Promise<void> {
  for (const manifest of manifests) report(await buildGuest(manifest, options));
}

/** Builds each guest in a process of its own, two at a time: the compiler is single-threaded. */
async function buildApart(manifests: readonly Manifest[], options: { force: boolean }): Promise<void> {
  const waiting = [...manifests];
  const failures: string[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const failure = await buildInProcess(next, options);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all([work(), work()]);
  if (failures.length > 0) throw new Error(failures.sort().join("\n\n"));
}

/** The answer is what went wrong, if something did. */
function buildInProcess(manifest: Manifest, options: { force: boolean }): Promise<string | undefined> {
  const program = process.argv[1] ?? "";
  const args = [program, "build", manifest.folder, ...(options.force ? ["--force"] : [])];
  return new Promise((done) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      process.stdout.write(stdout);
      done(error === null ? undefined : stderr.trim().replace(/^playhead-guest: /, ""));
    });
  });
}

function report(guest: BuiltGuest): void {
  if (guest.warnings !== "") process.stdout.write(`${guest.warnings}\n`);
  const size = `${(guest.sizeBytes / 1024).toFixed(1)} kB`;
  const state = guest.skipped ? "unchanged" : "built";
  process.stdout.write(`${guest.name}: ${relative(process.cwd(), guest.path)} ${size} ${state}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`playhead-guest: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
