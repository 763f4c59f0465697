import { element } from "./element.ts";
import type { Loop } from "./messages.ts";

/** A shorter drag is a click that has slipped. */
const LEAST_US = 1000;

/** The part of the time line that is repeated: Shift and drag chooses it. */
export class LoopBand {
  readonly #band = element("loop-band");
  readonly #timeAt: (event: PointerEvent) => number;
  #range = { startUs: 0, endUs: 1 };
  #loop: Loop = "off";
  /** Where the drag began and where it is, µs. */
  #drag: { readonly fromUs: number; toUs: number } | undefined;

  /** @param timeAt the time under the pointer, µs */
  constructor(timeAt: (event: PointerEvent) => number, onChosen: (loop: Loop) => void) {
    this.#timeAt = timeAt;
    const root = element("scrubber");
    root.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.shiftKey) return;
      root.setPointerCapture(event.pointerId);
      const fromUs = this.#timeAt(event);
      this.#drag = { fromUs, toUs: fromUs };
      this.#place();
    });
    root.addEventListener("pointermove", (event) => {
      if (this.#drag === undefined) return;
      this.#drag.toUs = this.#timeAt(event);
      this.#place();
    });
    root.addEventListener("pointerup", () => {
      const chosen = this.#chosen();
      this.#drag = undefined;
      if (chosen !== undefined && chosen.toUs - chosen.fromUs >= LEAST_US) onChosen(chosen);
      this.#place();
    });
    for (const type of ["pointercancel", "lostpointercapture"])
      root.addEventListener(type, () => {
        this.#drag = undefined;
        this.#place();
      });
  }

  show(loop: Loop, startUs: number, endUs: number): void {
    this.#range = { startUs, endUs };
    this.#loop = loop;
    this.#place();
  }

  #chosen(): Extract<Loop, object> | undefined {
    if (this.#drag === undefined) return undefined;
    const { fromUs, toUs } = this.#drag;
    return { fromUs: Math.min(fromUs, toUs), toUs: Math.max(fromUs, toUs) };
  }

  #place(): void {
    const shown = this.#chosen() ?? this.#loop;
    this.#band.hidden = typeof shown === "string";
    if (typeof shown === "string") return;
    const { startUs, endUs } = this.#range;
    const share = (timeUs: number) => `${(100 * (timeUs - startUs)) / Math.max(1, endUs - startUs)}%`;
    this.#band.style.left = share(shown.fromUs);
    this.#band.style.width = share(startUs + shown.toUs - shown.fromUs);
  }
}
