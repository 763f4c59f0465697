import { Random } from "@playhead/exact-math";
import type { Command, Speed, StepUnit } from "../control/command.ts";
import type { Move, Way } from "./way.ts";

/** Within which times a way moves, µs, both inclusive. */
export interface WayRange {
  readonly startUs: number;
  readonly endUs: number;
}

const UNITS: readonly StepUnit[] = ["tick", "event", "frame"];
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
  if (kind < 0.3)
    return { type: "play", speed: pick(random, SPEEDS), wallMs: Math.floor(random.uniform(0, 25)) };
  if (kind < 0.4)
    return { type: "commands", commands: [randomSeek(random, range), randomSeek(random, range)] };
  return { type: "commands", commands: [randomCommand(random, range)] };
}

function randomCommand(random: Random, range: WayRange): Command {
  if (random.uniform() < 0.5)
    return { type: "step", unit: pick(random, UNITS), count: 1 + Math.floor(random.uniform(0, 8)) };
  return randomSeek(random, range);
}

function randomSeek(random: Random, { startUs, endUs }: WayRange): Command {
  const spanUs = endUs - startUs;
  if (random.uniform() < 0.4)
    return { type: "seek-by", deltaUs: Math.round(random.uniform(-0.3, 0.3) * spanUs) };
  return { type: "seek", timeUs: startUs + Math.round(random.uniform() * spanUs) };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.uniform() * values.length)] as T;
}
