import { dueTimeUs, nextRunAfter } from "../engine/due-time.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { isOffered } from "../sensors/offered.ts";
import type { Command, CommandResult, Condition, StepCommand } from "./command.ts";
import { Journey, type Steering } from "./journey.ts";
import type { LiveRun, Position } from "./live-run.ts";
import { type Occurrence, watchFor } from "./occurrence.ts";
import { laterReading, priorReading } from "./reading-times.ts";
import type { WallClock } from "./wall-clock.ts";

/** Commands that take the playhead elsewhere without pacing. */
export type MoveCommand = Extract<Command, { type: "step" | "seek" | "seek-by" | "run-until" }>;

type Refused = CommandResult & { readonly ok: false };

/** What a move needs of the simulation. */
export interface MoveHost {
  readonly plan: RunPlan;
  readonly run: LiveRun;
  readonly clock: WallClock;
  /** What `steering` returns is asked between slices. `targetUs` is undefined where the end is not known. */
  steering(journey: () => Journey, targetUs: number | undefined): Steering;
  /** Why a move was ended before it landed. */
  stopped(targetUs: number | undefined): Refused;
  /** Whether nobody wants to see any more where the move was going. */
  isGivenUp(): boolean;
  /** Where a relative seek begins, µs. */
  readonly wantedUs: number;
}

/** What remains to be done when a move can be made. */
export type Move = () => Promise<CommandResult>;

/**
 * Finds out how a move is to be made, and whether it can be. Nothing has changed before the move that it returns is called.
 * Backward moves end, to the bit, in what playing to that place gives: the part before is run again from a state that was kept.
 */
export async function prepareMove(command: MoveCommand, host: MoveHost): Promise<Refused | Move> {
  switch (command.type) {
    case "seek":
      return seek(host, command.timeUs);
    case "seek-by":
      return seek(host, host.wantedUs + command.deltaUs);
    case "run-until":
      return runUntil(host, command.until, command.direction === "back");
    case "step":
      return command.direction === "back" ? await stepBack(host, command) : await stepForward(host, command);
  }
}

/** A time, clamped to the range of the run; all events of that time are over. */
function afterAllOf({ plan: { startUs, endUs, recording } }: MoveHost, timeUs: number): Position {
  // Of the last time that a growing recording has, more may come: where there is no other, nothing can be over.
  if (recording.growing === true && recording.endUs <= startUs) return { timeUs: startUs, events: 0 };
  const clamped = Math.min(endUs, Math.max(startUs, Math.round(timeUs)));
  return { timeUs: clamped, events: Number.POSITIVE_INFINITY };
}

function seek(host: MoveHost, timeUs: number): Refused | Move {
  const target = afterAllOf(host, timeUs);
  return host.isGivenUp() ? host.stopped(target.timeUs) : moveTo(host, target);
}

function moveTo(host: MoveHost, target: Position): Move {
  return () => travel(host, target.timeUs, (journey) => journey.goTo(target));
}

async function travel(
  host: MoveHost,
  targetUs: number | undefined,
  go: (journey: Journey) => Promise<boolean>,
): Promise<CommandResult> {
  const journey: Journey = new Journey(
    host.run,
    host.clock,
    host.steering(() => journey, targetUs),
  );
  return (await go(journey)) ? landed(host, journey) : host.stopped(targetUs);
}

function landed({ run }: MoveHost, journey: Journey, found?: boolean): CommandResult {
  const result = { ok: true, timeUs: run.engine.nowUs, seek: journey.report() } as const;
  return found === undefined ? result : { ...result, found };
}

function refused(code: Refused["code"], reason: string): Refused {
  return { ok: false, code, reason };
}

async function stepForward(host: MoveHost, command: StepCommand): Promise<Refused | Move> {
  const { unit = "tick", count = 1 } = command;
  const { engine } = host.run;
  const { startUs, config } = host.plan;
  if (unit === "event") {
    // Where the recording grows, the next event may be long in coming.
    if (host.plan.recording.growing === true) return search(host, { on: "any-event" }, count);
    const target = { timeUs: Number.POSITIVE_INFINITY, events: engine.events + count };
    return () => travel(host, undefined, (journey) => journey.goTo(target));
  }
  if (unit === "tick" || unit === "frame") {
    const rateHz = unit === "tick" ? config.tickRateHz : config.frameRateHz;
    const next = nextRunAfter(startUs, rateHz, engine.nowUs);
    return moveTo(host, afterAllOf(host, dueTimeUs(startUs, rateHz, next + count - 1)));
  }
  const unknown = checkName(host, command);
  if (unknown !== undefined) return unknown;
  if (unit !== "reading") return search(host, occurrenceOf(command), count);
  const timeUs = await laterReading(host.plan, engine.nowUs, command.of, count);
  if (timeUs === undefined) return refused("not-found", `there are no ${count} readings later than now`);
  return moveTo(host, afterAllOf(host, timeUs));
}

async function stepBack(host: MoveHost, command: StepCommand): Promise<Refused | Move> {
  const { unit = "tick", count = 1 } = command;
  const { engine, lastEventBefore } = host.run;
  const { startUs, config } = host.plan;
  if (unit === "event") {
    if (engine.events === 0)
      return refused("at-start", "the run stands at its start: there is no event before");
    const event = Math.max(0, lastEventBefore - (count - 1));
    return () => travel(host, undefined, (journey) => journey.goToEvent(event, startUs));
  }
  if (unit === "tick" || unit === "frame") {
    if (engine.nowUs <= startUs)
      return refused("at-start", `the run stands at its start: there is no ${unit} before`);
    const rateHz = unit === "tick" ? config.tickRateHz : config.frameRateHz;
    const last = nextRunAfter(startUs, rateHz, engine.nowUs - 1) - 1;
    return moveTo(host, afterAllOf(host, dueTimeUs(startUs, rateHz, Math.max(0, last - (count - 1)))));
  }
  const unknown = checkName(host, command);
  if (unknown !== undefined) return unknown;
  if (unit !== "reading") return searchBack(host, occurrenceOf(command), count);
  const timeUs = await priorReading(host.plan, engine.nowUs, command.of, count);
  if (timeUs === undefined) return refused("not-found", `there are no ${count} readings earlier than now`);
  return moveTo(host, afterAllOf(host, timeUs));
}

/** Refuses a step to something that is not there. */
function checkName(host: MoveHost, { unit, of }: StepCommand): Refused | undefined {
  if (of === undefined || (unit !== "reading" && unit !== "run")) return undefined;
  const known =
    unit === "run"
      ? host.run.engine.units.map(({ name }) => name)
      : host.plan.recording.sensors.filter(isOffered).map(({ name }) => name);
  return checkKnown(unit === "run" ? "unit" : "sensor", of, known);
}

function checkKnown(what: string, name: string, known: readonly string[]): Refused | undefined {
  if (known.includes(name)) return undefined;
  return refused(
    "bad-command",
    `there is no ${what} ${name}; there is ${known.slice(0, 20).join(", ") || "none"}`,
  );
}

function occurrenceOf({ unit, of }: StepCommand): Occurrence {
  if (unit === "run") return { on: "run", unit: of };
  return of === undefined ? { on: "any-message" } : { on: "message", topic: of };
}

function runUntil(host: MoveHost, until: Condition, back: boolean): Refused | Move {
  const { engine } = host.run;
  if (until.on === "time") {
    const isBehind = back ? until.timeUs >= engine.nowUs : until.timeUs < engine.nowUs;
    if (!isBehind) return moveTo(host, afterAllOf(host, until.timeUs));
    return refused(
      "not-found",
      `expected a time ${back ? "before" : "after"} ${engine.nowUs}, found ${until.timeUs}`,
    );
  }
  const unit = until.on === "message" ? undefined : until.unit;
  const known = engine.units.map(({ name }) => name);
  const unknown = unit === undefined ? undefined : checkKnown("unit", unit, known);
  return unknown ?? (back ? searchBack(host, until, 1) : search(host, until, 1));
}

/** Forward until it has happened so often; to the end of the run, or of what there is of it, where it does not. */
function search(host: MoveHost, occurrence: Occurrence, count: number): Move {
  return async () => {
    const journey: Journey = new Journey(
      host.run,
      host.clock,
      host.steering(() => journey, undefined),
    );
    const watch = watchFor(occurrence, host.run.engine);
    const outcome = await journey.find(watch, count, host.plan.endUs);
    return outcome === "stopped" ? host.stopped(undefined) : landed(host, journey, outcome === "found");
  };
}

/** Back to where it last happened; where it did not, back to where the playhead was. */
function searchBack(host: MoveHost, occurrence: Occurrence, count: number): Refused | Move {
  const { run, plan } = host;
  const last = run.lastEventBefore;
  if (last === 0) return refused("at-start", "the run stands at its start: nothing has happened before");
  const origin = run.hasFailed ? undefined : run.position;
  return async () => {
    const journey: Journey = new Journey(
      run,
      host.clock,
      host.steering(() => journey, undefined),
    );
    const event = await journey.findBack((engine) => watchFor(occurrence, engine), count, last);
    if (typeof event === "number")
      return (await journey.goToEvent(event, plan.startUs)) ? landed(host, journey) : host.stopped(undefined);
    if (event === "stopped" && host.isGivenUp()) return host.stopped(undefined);
    const back: Journey = new Journey(run, host.clock, () => host.clock.yield().then(() => true));
    await (origin === undefined ? back.goToEvent(last, plan.startUs) : back.goTo(origin));
    if (event === "stopped") return host.stopped(undefined);
    return refused("not-found", `it has not happened ${count === 1 ? "before" : `${count} times before`}`);
  };
}
