import { Random } from "@playhead/exact-math";
import type { Command, Loop, Speed, StepUnit } from "../control/command.ts";
import type { Move, Way } from "./way.ts";

/** Within which times a way moves, µs, both inclusive. */
export interface WayRange {
  readonly startUs: number;
  readonly endUs: number;
}

const UNITS: readonly StepUnit[] = ["tick", "event", "frame", "reading", "message", "run"];
const SPEEDS: readonly Speed[] = [1, 10, 100, 1000, "max"];
/** Ways with checkpoints lay them this densely, ms. */
const DENSE_MS = [1, 5, 20];

/**
 * A way made of random moves: the same seed and number give the same moves. Where playing is paused depends on the machine; every place is
 * compared all the same.
 *
 * @param moveCount how many moves
 */
export function randomWay(seed: string, number: number, range: WayRange, moveCount = 12): Way {
  const random = Random.fromSeed(`${seed}/${number}`);
  const moves = Array.from({ length: moveCount }, () => randomMove(random, range));
  const costMs = pick(random, DENSE_MS);
  return { name: `pattern ${number}`, moves, checkpointCostMs: number % 2 === 1 ? costMs : false };
}

function randomMove(random: Random, range: WayRange): Move {
  const kind = random.uniform();
  if (kind < 0.25)
    return { type: "play", speed: pick(random, SPEEDS), wallMs: Math.floor(random.uniform(0, 25)) };
  const command = randomCommand(random, range);
  // A second one takes over from a seek that has not landed.
  return { type: "commands", commands: kind < 0.4 ? [command, randomCommand(random, range)] : [command] };
}

function randomCommand(random: Random, range: WayRange): Command {
  const kind = random.uniform();
  if (kind < 0.45) return randomSeek(random, range);
  if (kind < 0.6) return { type: "loop", loop: randomLoop(random, range) };
  const direction = random.uniform() < 0.5 ? "back" : "forward";
  if (kind < 0.7) {
    const timeUs = randomTime(random, range);
    return { type: "run-until", until: { on: "time", timeUs }, direction };
  }
  return { type: "step", unit: pick(random, UNITS), count: 1 + Math.floor(random.uniform(0, 8)), direction };
}

function randomLoop(random: Random, range: WayRange): Loop {
  if (random.uniform() < 0.5) return random.uniform() < 0.5 ? "all" : "off";
  const [fromUs, toUs] = [randomTime(random, range), randomTime(random, range)].sort((a, b) => a - b);
  return { fromUs: fromUs ?? range.startUs, toUs: toUs ?? range.endUs };
}

function randomTime(random: Random, { startUs, endUs }: WayRange): number {
  return startUs + Math.round(random.uniform() * (endUs - startUs));
}

function randomSeek(random: Random, range: WayRange): Command {
  if (random.uniform() < 0.4) {
    const spanUs = range.endUs - range.startUs;
    return { type: "seek-by", deltaUs: Math.round(random.uniform(-0.3, 0.3) * spanUs) };
  }
  return { type: "seek", timeUs: randomTime(random, range) };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.uniform() * values.length)] as T;
}
