import type { Command } from "@playhead/simulator";
import { z } from "zod";

/** The form of a command from outside. The simulation checks its meaning. */
const commandSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("play") }),
  z.strictObject({ type: z.literal("pause") }),
  z.strictObject({
    type: z.literal("step"),
    unit: z.enum(["tick", "event", "frame"]).optional(),
    count: z.number().int().min(1).max(100_000).optional(),
  }),
  z.strictObject({ type: z.literal("seek"), timeUs: z.number() }),
  z.strictObject({ type: z.literal("seek-by"), deltaUs: z.number() }),
  z.strictObject({ type: z.literal("speed"), speed: z.union([z.number(), z.literal("max")]) }),
]);

/** A command, or the reason why the value is none. */
export function readCommand(value: unknown): { command: Command } | { reason: string } {
  const result = commandSchema.safeParse(value);
  if (result.success) return { command: result.data as Command };
  const issue = result.error.issues[0];
  const place = issue?.path.join(".") ?? "";
  return {
    reason: `command${place === "" ? "" : `.${place}`}: ${issue?.message ?? "not of the expected form"}`,
  };
}
