import { type GuestSettings, type VirtualWasi, virtualWasi } from "@playhead/wasi";
import type { UnitConfig } from "../config/config.ts";
import { theMachine } from "../control/wall-clock.ts";
import type { RunPlan } from "./run-plan.ts";
import type { LogLevel } from "./unit.ts";

/** What the units' WASI needs of the run. */
export interface UnitWasiHost {
  readonly plan: Pick<RunPlan, "config" | "files" | "pipeline">;
  readonly nowUs: number;
  /** A line for the log of the run; the unit need not be linked yet. */
  log(unit: string, level: LogLevel, message: string): void;
}

/**
 * WASI for units that ordinary toolchains made: time of the run, random numbers from its seed and the unit's name, what the
 * configuration puts around the unit, and lines printed go to the log. An instance that is part of no unit goes by its own name.
 */
export function unitWasi(host: UnitWasiHost): VirtualWasi {
  const { config, pipeline } = host.plan;
  return virtualWasi({
    nowUs: () => host.nowUs,
    seed: config.seed,
    guestAt: (path) => pipeline.unitNameAt(path) ?? path.slice(path.lastIndexOf("/") + 1),
    settingsOf: (unit) => settingsOf(host.plan, unit),
    machine: theMachine,
    print: (unit, stream, line) => host.log(unit, stream === "stdout" ? "info" : "warning", line),
  });
}

/** What makes a unit with this configuration differ from run to run; undefined where nothing does. */
export function unrepeatable({ wasi }: UnitConfig): string | undefined {
  const granted = (["clock", "randomness"] as const).filter((what) => wasi?.[what] === "machine");
  if (granted.length === 0) return undefined;
  return `is given the machine's ${granted.join(" and ")}: runs are not repeatable, and a seek may not end where playing would have`;
}

function settingsOf({ config, files }: UnitWasiHost["plan"], unit: string): GuestSettings {
  const settings = config.units[unit]?.wasi;
  if (settings === undefined) return {};
  const contents = new Map<string, Uint8Array>();
  for (const [path, name] of Object.entries(settings.files)) {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`Invariant: the configuration's file ${name} is loaded`);
    contents.set(path, bytes);
  }
  return { ...settings, files: contents };
}
