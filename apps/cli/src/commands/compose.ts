import { decodeComponent } from "@playhead/component-model";
import { loadComposition } from "@playhead/simulator";
import {
  type Composition,
  encodeComposition,
  exportedInstances,
  graphDot,
  order,
  wiresOf,
} from "@playhead/wac";
import { parsePackageOverride } from "@playhead/wac/node";
import type { Command } from "commander";
import { addComponentOutput, type ComponentOutputOptions, writeComponent } from "../component-output.ts";
import { UsageError } from "../failure.ts";
import { nameFile } from "../name-file.ts";
import { packageFolders } from "../package-folders.ts";
import { depsDirOption } from "../run-options.ts";
import { table } from "../table.ts";
import { VERSION } from "../version.ts";

interface Options extends ComponentOutputOptions {
  readonly depsDir?: string[];
  readonly dep?: string[];
  readonly importDependencies?: boolean;
  readonly validate: boolean;
  readonly linkOnly?: boolean;
  readonly dot?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  playhead compose adas.wac -o adas.wasm
  playhead compose adas.wac --link-only
  playhead compose my.wac --dep acme:tracker=../tracker.wasm --dep acme:maps=npm:@acme/maps -t
`;

export function addCompose(program: Command): void {
  addComponentOutput(
    program
      .command("compose")
      .description("Parse, resolve and type-check a composition, and write it as one component")
      .argument("<file>", "WAC file")
      .addOption(depsDirOption())
      .option(
        "-d, --dep <package=path...>",
        "what to use for a package: a .wasm, .wat or .wit file, a folder of WIT, or npm:name",
      )
      .option("-i, --import-dependencies", "import the components instead of putting them inside"),
  )
    .option("--no-validate", "do not check the component that is written")
    .option("--link-only", "write nothing; show the graph")
    .option("--dot", "write nothing; print the graph in Graphviz's language")
    .option("--json", "print the graph as one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(composeFile);
}

async function composeFile(file: string, options: Options): Promise<void> {
  const packages = new Map((options.dep ?? []).map(packageOverride));
  const depsDirs = packageFolders(file, options.depsDir ?? []);
  const composition = await nameFile(file, () => loadComposition(file, { depsDirs, packages }));
  if (options.dot === true) {
    process.stdout.write(graphDot(composition));
    return;
  }
  if (options.linkOnly !== true) {
    if (options.json === true && options.output === undefined)
      throw new UsageError("compose: --json needs -o for the component, or --link-only");
    await writeComponent(encoded(composition, options), options);
  }
  if (options.linkOnly === true || options.json === true) showGraph(composition, options.json === true);
}

function packageOverride(text: string): readonly [string, string] {
  try {
    return parsePackageOverride(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function encoded(composition: Composition, { importDependencies, validate }: Options): Uint8Array {
  const bytes = encodeComposition(composition, {
    dependencies: importDependencies === true ? "import" : "define",
    processedBy: { name: "playhead", version: VERSION },
  });
  if (validate) decodeComponent(bytes, { name: composition.name });
  return bytes;
}

function showGraph(composition: Composition, json: boolean): void {
  const instances = order(composition).map(({ path, package: { name, version, from } }) => ({
    path,
    package: version === undefined ? name : `${name}@${version}`,
    from,
  }));
  const wires = wiresOf(composition);
  const exports = exportedInstances(composition).map(({ exportName, provider, interfaceName }) => ({
    name: exportName,
    provider: provider ?? null,
    interface: interfaceName ?? null,
  }));
  const imports = composition.imports.map(({ name }) => name);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ name: composition.name, instances, wires, imports, exports })}\n`,
    );
    return;
  }
  process.stdout.write(
    [
      `${composition.name}: ${instances.length} instances, ${wires.length} wires, ${exports.length} exports\n`,
      `Instances, in order\n${table([["path", "package", "from"], ...instances.map(({ path, package: name, from }) => [path, name, from])])}`,
      `Wires\n${table([["from", "to", "import"], ...wires.map((wire) => [wire.provider, wire.consumer, wire.importName])])}`,
      `Imports from the host\n${imports.map((name) => `  ${name}\n`).join("")}`,
      `Exports\n${table([["name", "from", "interface"], ...exports.map((each) => [each.name, each.provider ?? "", each.interface ?? ""])])}`,
    ].join(""),
  );
}
