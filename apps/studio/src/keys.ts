import type { Command } from "./messages.ts";

/** Milliseconds that an arrow key seeks by, by the key held with it. */
function arrowMs(event: KeyboardEvent): number {
  if (event.shiftKey) return 10;
  return event.altKey ? 500 : 100;
}

/** What a key means, if anything. `toggle` is play or pause, `repeat` begins or ends repeating. */
export function commandOfKey(
  event: KeyboardEvent,
  range: { startUs: number; endUs: number },
): Command | "toggle" | "repeat" | undefined {
  switch (event.key) {
    case " ":
      return "toggle";
    case "l":
    case "L":
      return "repeat";
    case "ArrowLeft":
      return { type: "seek-by", deltaUs: -1000 * arrowMs(event) };
    case "ArrowRight":
      return { type: "seek-by", deltaUs: 1000 * arrowMs(event) };
    case ",":
      return { type: "step", unit: "frame", direction: "back" };
    case ".":
      return { type: "step", unit: "frame" };
    case "<":
      return { type: "step", unit: "event", direction: "back" };
    case ">":
      return { type: "step", unit: "event" };
    case "Home":
      return { type: "seek", timeUs: range.startUs };
    case "End":
      return { type: "seek", timeUs: range.endUs };
    default:
      return undefined;
  }
}
