import type { ComponentType } from "@playhead/component-model";
import { worldMisfits, worldsOf } from "@playhead/wac";
import type { Command } from "commander";
import { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { readComponent } from "../read-component.ts";

interface Options {
  readonly wit: string;
  readonly world?: string;
  readonly json?: boolean;
}

export function addTargets(program: Command): void {
  program
    .command("targets")
    .description(
      "Check that a component fits a world: its imports are there, and it exports all that is asked for",
    )
    .argument("<component>", "component")
    .requiredOption("--wit <path>", "WIT file, or folder of WIT, with the world")
    .option("--world <name>", "the world; not needed where there is only one")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", "\nExample:\n  playhead targets tracker.wasm --wit wit --world sensor-fusion\n")
    .action(targets);
}

async function targets(file: string, { wit, world: wanted, json }: Options): Promise<void> {
  const { name, type } = chooseWorld(worldsOf((await readComponent(wit)).component), wit, wanted);
  const { component } = await readComponent(file);
  const misfits = worldMisfits(component.type, type);
  if (misfits.length > 0) process.exitCode = ExitCode.badInput;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ file, world: name, fits: misfits.length === 0, misfits })}\n`);
    return;
  }
  if (misfits.length === 0) process.stdout.write(`${file} fits the world ${name}\n`);
  for (const { code, message, notes } of misfits) {
    process.stderr.write(`error[${code}]: ${message}\n${notes.map((note) => `  = ${note}\n`).join("")}`);
  }
}

function chooseWorld(
  worlds: ReadonlyMap<string, ComponentType>,
  wit: string,
  wanted: string | undefined,
): { readonly name: string; readonly type: ComponentType } {
  const names = [...worlds.keys()];
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const type = name === undefined ? undefined : worlds.get(name);
  if (name !== undefined && type !== undefined) return { name, type };
  if (names.length === 0) throw new UsageError(`${wit}: expected WIT with a world, found none`);
  const list = `it has ${names.join(", ")}`;
  throw new UsageError(
    name === undefined
      ? `${wit}: say with --world which world is meant; ${list}`
      : `${wit}: no world ${name}; ${list}`,
  );
}
