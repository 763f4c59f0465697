import type { Command, RefusalCode } from "./command.ts";
import type { SimulationState } from "./frame.ts";

/** Commands that are treated alike. */
export type Action = "play" | "pause" | "speed" | "loop" | "checkpoint" | "seek" | "forward" | "back";

/**
 * What becomes of a command: it is applied; it waits until the playhead has landed; it cuts short what is under way and is applied then;
 * or it is refused.
 */
export type Treatment = "apply" | "wait" | "cut-short" | Extract<RefusalCode, "ended" | "failed" | "closed">;

/** Which command is allowed in which state. `back` finds out by itself whether there is anything before. */
const RULES: Readonly<Record<Action, Readonly<Record<SimulationState, Treatment>>>> = {
  play: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "apply",
    failed: "failed",
    closed: "closed",
  },
  pause: {
    paused: "apply",
    playing: "apply",
    seeking: "cut-short",
    ended: "apply",
    failed: "failed",
    closed: "closed",
  },
  speed: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "apply",
    failed: "apply",
    closed: "closed",
  },
  loop: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "apply",
    failed: "apply",
    closed: "closed",
  },
  checkpoint: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "apply",
    failed: "failed",
    closed: "closed",
  },
  seek: {
    paused: "apply",
    playing: "apply",
    seeking: "cut-short",
    ended: "apply",
    failed: "apply",
    closed: "closed",
  },
  forward: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "ended",
    failed: "failed",
    closed: "closed",
  },
  back: {
    paused: "apply",
    playing: "apply",
    seeking: "wait",
    ended: "apply",
    failed: "apply",
    closed: "closed",
  },
};

export function actionOf(command: Command): Action {
  switch (command.type) {
    case "step":
    case "run-until":
      return command.direction === "back" ? "back" : "forward";
    case "seek":
    case "seek-by":
      return "seek";
    default:
      return command.type;
  }
}

export function treatment(command: Command, state: SimulationState): Treatment {
  return RULES[actionOf(command)][state];
}
