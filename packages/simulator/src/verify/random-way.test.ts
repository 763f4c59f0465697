import { expect, it } from "vitest";
import { readCommand } from "../control/command.ts";
import { randomWay } from "./random-way.ts";

const RANGE = { startUs: 1_000_000, endUs: 9_000_000 };
const ways = Array.from({ length: 200 }, (_, at) => randomWay("seed", at + 1, RANGE));
const commands = ways.flatMap(({ moves }) =>
  moves.flatMap((move) => (move.type === "commands" ? move.commands : [])),
);

it("makes commands that can be given, of every kind", () => {
  for (const command of commands) expect(readCommand(command)).toHaveProperty("command");
  const kinds = new Set(commands.map(({ type }) => type));
  expect([...kinds].sort()).toEqual(["loop", "run-until", "seek", "seek-by", "step"]);
  expect(ways.some(({ moves }) => moves.some(({ type }) => type === "play"))).toBe(true);
});

it("makes the same of the same seed, and other ones of another", () => {
  expect(randomWay("seed", 3, RANGE)).toEqual(ways[2]);
  expect(randomWay("other", 3, RANGE)).not.toEqual(ways[2]);
});
