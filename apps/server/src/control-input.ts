import { type Command, commandFields, type SimulationHandle } from "@playhead/simulator";
import { z } from "zod";

const { unit, of, count, direction, condition, speed } = commandFields;

/** What an agent gives to `simulation_control`: one flat form for all actions. Times in seconds from the start of the run. */
export const controlInput = {
  action: z.enum([
    "play",
    "pause",
    "step",
    "seek",
    "speed",
    "loop",
    "run_until",
    "checkpoint",
    "status",
    "report",
    "picture",
    "close",
  ]),
  time_s: z.number().optional().describe("seek: where to, seconds from the start of the run"),
  unit: unit
    .optional()
    .describe(
      "step: what to go by: a tick (the default), one event, a frame, or to the next reading, message or run of a component",
    ),
  of: of
    .optional()
    .describe("step by reading, message or run: of which sensor, topic or component; of any without"),
  count: count.optional().describe("step: how many; 1 without"),
  direction: direction
    .optional()
    .describe("step, run_until: forward (the default) or back; back lands exactly where playing had been"),
  until: condition
    .optional()
    .describe(
      "run_until: a message on a topic (where a field of its JSON compares so with a value), an alert, a change of a component's health, or a time (timeUs: µs since the Unix epoch). Stops right after the event that made it so",
    ),
  loop: z
    .union([z.enum(["off", "all"]), z.strictObject({ from_s: z.number(), to_s: z.number() })])
    .optional()
    .describe("loop: what playing repeats: nothing, the whole run, or a part of it"),
  speed: speed.optional().describe("speed: the new speed"),
  wait: z
    .boolean()
    .optional()
    .describe("play: answer only when it no longer plays: the run has ended, or another command paused it"),
  view: z
    .string()
    .optional()
    .describe("picture: the view, as start_simulation lists them; the first without"),
};

export type ControlInput = z.infer<z.ZodObject<typeof controlInput>>;

/** The command that an action stands for. Throws an error with a message for the agent where something is missing. */
export function commandFor(input: ControlInput, simulation: SimulationHandle): Command {
  const { startUs } = simulation.status;
  const at = (seconds: number): number => startUs + Math.round(seconds * 1e6);
  switch (input.action) {
    case "play":
    case "pause":
    case "checkpoint":
      return { type: input.action };
    case "step":
      return { type: "step", unit: input.unit, of: input.of, count: input.count, direction: input.direction };
    case "seek":
      return { type: "seek", timeUs: at(needed(input.time_s, "seek: time_s")) };
    case "speed":
      return { type: "speed", speed: needed(input.speed, "speed: speed") };
    case "run_until":
      return {
        type: "run-until",
        until: needed(input.until, "run_until: until"),
        direction: input.direction,
      };
    case "loop": {
      const loop = needed(input.loop, "loop: loop");
      return {
        type: "loop",
        loop: typeof loop === "string" ? loop : { fromUs: at(loop.from_s), toUs: at(loop.to_s) },
      };
    }
    default:
      throw new Error(`Invariant: ${input.action} is not a command`);
  }
}

function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is needed`);
  return value;
}
