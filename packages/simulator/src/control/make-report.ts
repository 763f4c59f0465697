import type { Engine } from "../engine/engine.ts";
import { identityOf } from "../engine/run-identity.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { Unit } from "../engine/unit.ts";
import { latestPictures } from "../sensors/latest-pictures.ts";
import type { Frame, SimulationStatus, UnitStatus, ViewFrame } from "./frame.ts";
import type { SpeedMeter } from "./pacer.ts";
import type { RealTimeStatus } from "./real-time.ts";
import type { RunReport } from "./report.ts";
import type { RunDescription } from "./simulation-handle.ts";

function unitStatus(unit: Unit): UnitStatus {
  return {
    name: unit.name,
    rateHz: unit.rateHz,
    steps: unit.steps.count,
    lastMs: unit.steps.lastMs,
    meanMs: unit.steps.meanMs,
    maxMs: unit.steps.maxMs,
    totalMs: unit.steps.totalMs,
    health: unit.health.state,
    healthReason: unit.health.reason,
    standing: unit.standing,
    restarts: unit.restarts,
    metrics: Object.fromEntries(unit.metrics),
    published: Object.fromEntries(unit.published),
  };
}

/** The latest picture of every view that has drawn one. */
function viewFrames(engine: Engine): ViewFrame[] {
  return engine.units.flatMap((unit) =>
    unit.views.flatMap((view) =>
      view.drawing === undefined
        ? []
        : [{ name: `${unit.name}/${view.name}`, title: view.title, timeUs: view.timeUs, ...view.drawing }],
    ),
  );
}

export function makeFrame(
  index: number,
  status: SimulationStatus,
  engine: Engine,
  realTime: Frame["realTime"],
): Frame {
  return {
    index,
    status,
    units: engine.units.map(unitStatus),
    realTime,
    topics: engine.bus.status(),
    views: viewFrames(engine),
    cameras: latestPictures(engine.bridge),
  };
}

/** What a run is made of, once its units have been initialised. */
export function describeRun(
  { recording, pipeline, startUs, endUs }: RunPlan,
  engine: Engine,
): RunDescription {
  const { name, sensors, problems } = recording;
  return {
    recording: { name, startUs: recording.startUs, endUs: recording.endUs, sensors, problems },
    composition: pipeline.name,
    startUs,
    endUs,
    units: engine.units.map((unit) => ({
      name: unit.name,
      rateHz: unit.rateHz,
      views: unit.views.map((view) => ({
        name: `${unit.name}/${view.name}`,
        title: view.title,
        rateHz: view.rateHz,
      })),
    })),
  };
}

/** A plan with the configuration that the run was in effect of: where no sample was refused, following a recording has changed nothing. */
function asItWas(plan: RunPlan, { bridge }: Engine): RunPlan {
  return plan.followed === undefined || bridge.hasRefused ? plan : { ...plan, config: plan.followed.config };
}

export function makeReport(
  plan: RunPlan,
  engine: Engine,
  status: SimulationStatus,
  meter: SpeedMeter,
  inputHash: string | undefined,
  {
    faults,
    capsules,
    checkpoints,
    problems,
  }: Pick<RunReport, "faults" | "capsules" | "checkpoints" | "problems">,
  realTime: RealTimeStatus,
): RunReport {
  const offered = plan.recording.sensors.filter((sensor) => sensor.role === "input");
  return {
    recording: plan.recording.name,
    composition: plan.pipeline.name,
    state: status.state,
    runHash: status.runHash,
    inputHash,
    identity: identityOf(asItWas(plan, engine)),
    startUs: plan.startUs,
    endUs: plan.endUs,
    durationUs: engine.nowUs - plan.startUs,
    wallMs: meter.wallMs,
    achievedSpeed: meter.speed,
    realTime,
    events: engine.events,
    frames: engine.frames,
    readings: Object.fromEntries(
      offered.map((sensor) => [sensor.name, engine.bridge.counts[sensor.handle] ?? 0]),
    ),
    components: engine.units.map(unitStatus),
    topics: Object.fromEntries(engine.bus.counts()),
    views: Object.fromEntries(
      engine.units.flatMap((unit) => unit.views.map((view) => [`${unit.name}/${view.name}`, view.count])),
    ),
    alerts: engine.journal.alerts,
    lookAheads: engine.bridge.lookAheads,
    problems: [...plan.recording.problems, ...problems],
    log: engine.journal.lines,
    decisions: engine.decisions,
    faults: faults.filter(({ event }) => event <= engine.events),
    capsules,
    checkpoints,
    error: status.error,
  };
}
