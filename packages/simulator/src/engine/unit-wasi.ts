import { type GuestSettings, type VirtualWasi, virtualWasi } from "@playhead/wasi";
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
    print: (unit, stream, line) => host.log(unit, stream === "stdout" ? "info" : "warning", line),
  });
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
