import { expect, it } from "vitest";
import type { Command } from "./command.ts";
import { treatment } from "./command-rules.ts";
import type { SimulationState } from "./frame.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  play: { type: "play" },
  pause: { type: "pause" },
  speed: { type: "speed", speed: 1 },
  loop: { type: "loop", loop: "all" },
  checkpoint: { type: "checkpoint" },
  seek: { type: "seek", timeUs: 0 },
  "seek-by": { type: "seek-by", deltaUs: 0 },
  step: { type: "step" },
  "step back": { type: "step", direction: "back" },
  "run until": { type: "run-until", until: { on: "alert" } },
  "run back until": { type: "run-until", until: { on: "alert" }, direction: "back" },
};

const STATES: readonly SimulationState[] = ["paused", "playing", "seeking", "ended", "failed", "closed"];

it("says for every command and every state what becomes of it", () => {
  const table = Object.entries(COMMANDS).map(
    ([name, command]) => `${name}: ${STATES.map((state) => treatment(command, state)).join(" ")}`,
  );
  expect(table).toEqual([
    "play: apply apply wait apply failed closed",
    "pause: apply apply cut-short apply failed closed",
    "speed: apply apply wait apply apply closed",
    "loop: apply apply wait apply apply closed",
    "checkpoint: apply apply wait apply failed closed",
    "seek: apply apply cut-short apply apply closed",
    "seek-by: apply apply cut-short apply apply closed",
    "step: apply apply wait ended failed closed",
    "step back: apply apply wait apply apply closed",
    "run until: apply apply wait ended failed closed",
    "run back until: apply apply wait apply apply closed",
  ]);
});
