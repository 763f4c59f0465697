import { MAX_SPEED, MIN_SPEED, type Speed } from "@playhead/simulator";
import { UsageError } from "./failure.ts";

/** `max`, or a number such as `0.5` or `10x`. */
export function parseSpeed(text: string): Speed {
  if (text === "max") return "max";
  const speed = Number(text.replace(/[x×]$/, ""));
  if (text !== "" && speed >= MIN_SPEED && speed <= MAX_SPEED) return speed;
  throw new UsageError(
    `--speed: expected ${MIN_SPEED} to ${MAX_SPEED} or max, found ${JSON.stringify(text)}`,
  );
}
