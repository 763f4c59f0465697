import { loadComposition } from "@playhead/simulator";
import { exportedInstances, order, wiresOf } from "@playhead/wac";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { table } from "../table.ts";

interface Options {
  readonly depsDir?: string[];
  readonly linkOnly?: boolean;
  readonly json?: boolean;
}

export function addCompose(program: Command): void {
  program
    .command("compose")
    .description("Parse, resolve and type-check a composition, and show its graph")
    .argument("<file>", "WAC file")
    .option("--link-only", "check that it links; write nothing")
    .option(
      "--deps-dir <folder...>",
      "where the composition's packages lie (default: deps/ and build/ beside it)",
    )
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", "\nExample:\n  playhead compose adas.wac --link-only\n")
    .action(composeFile);
}

async function composeFile(file: string, options: Options): Promise<void> {
  if (options.linkOnly !== true)
    throw new UsageError(
      "compose: writing a composed component is not there yet; use --link-only to check the composition",
    );
  const composition = await loadComposition(file, options.depsDir);
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
  if (options.json === true) {
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
