import type { RunReport } from "../control/report.ts";
import { Simulation } from "../control/simulation.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { StateParts } from "../engine/state-hash.ts";
import type { OutputSink } from "../outputs/output.ts";
import { ReplayCheck, type ReplayDifference } from "./replay-check.ts";
import type { Move, Way } from "./way.ts";

const INSTANCE = "instance ";

/** A place where the playhead rested. */
export interface Visit extends StateParts {
  /** Over the outputs up to there. */
  readonly runHash: string;
  /** Which move led there, counting from 0. */
  readonly move: number;
}

/** What came of a run that went a way. */
export interface WayResult {
  /** At the end. */
  readonly runHash: string;
  /** `ended`, or `failed` with the reason. */
  readonly state: string;
  readonly error: string | undefined;
  readonly timeUs: number;
  readonly events: number;
  readonly outputs: number;
  readonly inputHash: string | undefined;
  /** Where the playhead rested after each move; empty where the units cannot be saved. */
  readonly visits: readonly Visit[];
  readonly replayDifference: ReplayDifference | undefined;
  /** Name of the unit that each instance belongs to, by the name of its part in a visit, where it belongs to one. */
  readonly units: Readonly<Record<string, string>>;
}

/**
 * Runs a plan the way that is asked for, from its start to its end.
 *
 * @param sinks take the outputs, beside what looks at them here
 * @param reportOf is given the way to the report of the run, for sinks that describe it
 */
export async function runWay(
  plan: RunPlan,
  way: Way,
  sinks: readonly OutputSink[] = [],
  reportOf: (report: () => Promise<RunReport>) => void = () => {},
): Promise<WayResult> {
  const check = new ReplayCheck();
  const simulation = await Simulation.start(plan, {
    speed: "max",
    sinks: [...sinks, check],
    checkpoints: way.checkpointCostMs === false ? false : { costMs: way.checkpointCostMs },
  });
  reportOf(() => simulation.report());
  try {
    const visits: Visit[] = [];
    for (const [at, move] of way.moves.entries()) {
      await make(simulation, move);
      const visit = visitOf(simulation, at);
      if (visit !== undefined) visits.push(visit);
    }
    if (way.stopsThere !== true) await playToTheEnd(simulation, plan.startUs);
    const { runHash, state, error, timeUs } = simulation.status;
    const { events, inputHash, topics, views } = await simulation.report();
    const outputs = [topics, views].flatMap(Object.values).reduce((sum, count) => sum + count, 0);
    const { difference: replayDifference } = check;
    return {
      ...{ runHash, state, error: error?.message, timeUs, events, outputs, inputHash },
      ...{ visits, replayDifference, units: unitsOf(plan, visits[0]) },
    };
  } finally {
    await simulation.close();
  }
}

async function make(simulation: Simulation, move: Move): Promise<void> {
  switch (move.type) {
    case "commands":
      await Promise.all(move.commands.map((command) => simulation.apply(command)));
      return;
    case "play":
      await simulation.apply({ type: "speed", speed: move.speed });
      await simulation.apply({ type: "play" });
      await new Promise((resolve) => setTimeout(resolve, move.wallMs));
      await simulation.apply({ type: "pause" });
      return;
    case "go": {
      const count = move.events - (simulation.stateParts()?.events ?? move.events);
      if (count > 0) await simulation.apply({ type: "step", unit: "event", count });
      if (move.timeUs !== undefined && simulation.status.timeUs < move.timeUs)
        await simulation.apply({ type: "seek", timeUs: move.timeUs });
    }
  }
}

/** Undefined where the run has failed, or its units cannot be saved. */
function visitOf(simulation: Simulation, move: number): Visit | undefined {
  const { state, runHash } = simulation.status;
  const parts = state === "failed" ? undefined : simulation.stateParts();
  return parts === undefined ? undefined : { ...parts, runHash, move };
}

function unitsOf({ pipeline }: RunPlan, visit: Visit | undefined): Record<string, string> {
  const units: Record<string, string> = {};
  for (const part of Object.keys(visit?.parts ?? {})) {
    const unit = part.startsWith(INSTANCE) ? pipeline.unitNameAt(part.slice(INSTANCE.length)) : undefined;
    if (unit !== undefined) units[part] = unit;
  }
  return units;
}

async function playToTheEnd(simulation: Simulation, startUs: number): Promise<void> {
  await simulation.apply({ type: "speed", speed: "max" });
  await simulation.apply({ type: "loop", loop: "off" });
  if (simulation.status.state === "failed") await simulation.apply({ type: "seek", timeUs: startUs });
  if (simulation.status.state === "ended") return;
  await simulation.apply({ type: "play" });
  await simulation.finished();
}
