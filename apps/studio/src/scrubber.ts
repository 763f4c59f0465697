import { element } from "./element.ts";
import { timeText } from "./time-text.ts";

/** The time line: click or drag seeks, hovering shows the time. */
export class Scrubber {
  readonly #root = element<HTMLDivElement>("scrubber");
  readonly #head = element("head");
  readonly #played = element("played");
  readonly #hover = element("hover");
  readonly #hoverTime = element("hover-time");
  readonly #onSeek: (timeUs: number) => void;
  #range = { startUs: 0, endUs: 1 };
  #dragging = false;

  constructor(onSeek: (timeUs: number) => void) {
    this.#onSeek = onSeek;
    this.#root.addEventListener("pointerdown", (event) => {
      this.#dragging = true;
      this.#root.setPointerCapture(event.pointerId);
      this.#seek(event);
    });
    this.#root.addEventListener("pointermove", (event) => {
      this.#showHover(event);
      if (this.#dragging) this.#seek(event);
    });
    this.#root.addEventListener("pointerup", () => {
      this.#dragging = false;
    });
    this.#root.addEventListener("pointerleave", () => {
      this.#hover.hidden = true;
      this.#hoverTime.hidden = true;
    });
  }

  show(timeUs: number, startUs: number, endUs: number): void {
    this.#range = { startUs, endUs };
    const share = endUs > startUs ? (timeUs - startUs) / (endUs - startUs) : 0;
    this.#head.style.left = `${share * 100}%`;
    this.#played.style.width = `${share * 100}%`;
    this.#root.ariaValueMax = String((endUs - startUs) / 1e6);
    this.#root.ariaValueNow = String((timeUs - startUs) / 1e6);
    this.#root.ariaValueText = timeText(timeUs - startUs);
  }

  #shareAt(event: PointerEvent): number {
    const box = this.#root.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  #timeAt(event: PointerEvent): number {
    const { startUs, endUs } = this.#range;
    return Math.round(startUs + this.#shareAt(event) * (endUs - startUs));
  }

  #seek(event: PointerEvent): void {
    this.#onSeek(this.#timeAt(event));
  }

  #showHover(event: PointerEvent): void {
    const left = `${this.#shareAt(event) * 100}%`;
    this.#hover.hidden = false;
    this.#hoverTime.hidden = false;
    this.#hover.style.left = left;
    this.#hoverTime.style.left = left;
    this.#hoverTime.textContent = timeText(this.#timeAt(event) - this.#range.startUs);
  }
}
