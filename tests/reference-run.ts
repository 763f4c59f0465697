import {
  type Output,
  type OutputSink,
  plainWay,
  type RunPlan,
  runWay,
  type Visit,
  type Way,
  type WayResult,
} from "@playhead/simulator";
import { expect } from "vitest";

/** Keeps the outputs of a run as text. */
class Kept implements OutputSink {
  readonly lines: string[] = [];
  async open(): Promise<void> {}
  async write(outputs: readonly Output[]): Promise<void> {
    for (const { timeUs, unit, topic, payload } of outputs)
      this.lines.push(`${timeUs} ${unit} ${topic} ${Buffer.from(payload).toString("latin1")}`);
  }
  async close(): Promise<void> {}
}

/** A run straight from its start to its end, and the state that it has at any place. */
export class ReferenceRun {
  readonly plan: RunPlan;
  readonly result: WayResult;
  readonly outputs: readonly string[];
  /** Places that were looked at, by events and time. */
  readonly #visits = new Map<string, Visit>();

  private constructor(plan: RunPlan, result: WayResult, outputs: readonly string[]) {
    this.plan = plan;
    this.result = result;
    this.outputs = outputs;
  }

  static async of(plan: RunPlan): Promise<ReferenceRun> {
    const kept = new Kept();
    return new ReferenceRun(plan, await runWay(plan, plainWay("plain"), [kept]), kept.lines);
  }

  /** Runs the plan another way; outputs, replays, end and the state at every place must be those of this run. */
  async expectEqual(way: Way): Promise<void> {
    const kept = new Kept();
    const { visits, replayDifference, units: _, ...end } = await runWay(this.plan, way, [kept]);
    const { visits: __, replayDifference: ___, units: ____, ...plainEnd } = this.result;
    expect(end).toEqual(plainEnd);
    expect(replayDifference).toBeUndefined();
    if (kept.lines.length !== this.outputs.length || kept.lines.some((line, at) => line !== this.outputs[at]))
      expect(kept.lines).toEqual(this.outputs);
    expect(visits).toHaveLength(way.moves.length);
    await this.#visit(visits);
    for (const visit of visits)
      expect(visit).toEqual({ ...this.#visits.get(keyOf(visit)), move: visit.move });
  }

  /** Looks at the places that were not looked at yet, in one straight run without checkpoints. */
  async #visit(visits: readonly Visit[]): Promise<void> {
    const places = [...new Map(visits.map((visit) => [keyOf(visit), visit])).values()]
      .filter((visit) => !this.#visits.has(keyOf(visit)))
      .sort((a, b) => a.events - b.events || a.timeUs - b.timeUs);
    if (places.length === 0) return;
    const moves = places.map(({ events, timeUs }) => ({ type: "go", events, timeUs }) as const);
    const looked = await runWay(this.plan, { ...plainWay("visits"), moves });
    for (const visit of looked.visits) this.#visits.set(keyOf(visit), visit);
  }
}

function keyOf({ events, timeUs }: Visit): string {
  return `${events} ${timeUs}`;
}
