import { element } from "./element.ts";
import { timeText } from "./time-text.ts";

/**
 * The time line: click or drag seeks, hovering shows the time. While it is dragged, and until the last seek has landed, its marker stays
 * where the pointer put it. One seek is under way at a time; after it only the newest target is sent.
 */
export class Scrubber {
  readonly #root = element<HTMLDivElement>("scrubber");
  readonly #head = element("head");
  readonly #played = element("played");
  readonly #hover = element("hover");
  readonly #hoverTime = element("hover-time");
  readonly #onSeek: (timeUs: number) => Promise<boolean>;
  #range = { startUs: 0, endUs: 1 };
  #dragging = false;
  #seeking = false;
  #timeUs = 0;
  #targetUs = 0;

  /** @param onSeek resolves when the seek is over: whether it landed. Never rejects. */
  constructor(onSeek: (timeUs: number) => Promise<boolean>) {
    this.#onSeek = onSeek;
    this.#root.addEventListener("pointerdown", (event) => {
      // With Shift, a part of the time line is chosen.
      if (event.button !== 0 || event.shiftKey) return;
      this.#dragging = true;
      this.#root.setPointerCapture(event.pointerId);
      void this.#seek(event);
    });
    this.#root.addEventListener("pointermove", (event) => {
      this.#showHover(event);
      if (this.#dragging) void this.#seek(event);
    });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
      this.#root.addEventListener(type, () => {
        this.#dragging = false;
      });
    this.#root.addEventListener("pointerleave", () => {
      this.#hover.hidden = true;
      this.#hoverTime.hidden = true;
    });
  }

  show(timeUs: number, startUs: number, endUs: number): void {
    this.#range = { startUs, endUs };
    this.#timeUs = timeUs;
    if (!this.#dragging && !this.#seeking) this.#place(timeUs);
  }

  #place(timeUs: number): void {
    const { startUs, endUs } = this.#range;
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

  /** The time under the pointer, µs since the Unix epoch. */
  timeAt(event: PointerEvent): number {
    const { startUs, endUs } = this.#range;
    return Math.round(startUs + this.#shareAt(event) * (endUs - startUs));
  }

  async #seek(event: PointerEvent): Promise<void> {
    this.#targetUs = this.timeAt(event);
    this.#place(this.#targetUs);
    if (this.#seeking) return;
    this.#seeking = true;
    let [sentUs, landed] = [Number.NaN, false];
    while (this.#targetUs !== sentUs) {
      sentUs = this.#targetUs;
      landed = await this.#onSeek(sentUs);
    }
    this.#seeking = false;
    if (!landed && !this.#dragging) this.#place(this.#timeUs);
  }

  #showHover(event: PointerEvent): void {
    const left = `${this.#shareAt(event) * 100}%`;
    this.#hover.hidden = false;
    this.#hoverTime.hidden = false;
    this.#hover.style.left = left;
    this.#hoverTime.textContent = timeText(this.timeAt(event) - this.#range.startUs);
    const half = `${this.#hoverTime.offsetWidth / 2}px`;
    this.#hoverTime.style.left = `clamp(${half}, ${left}, 100% - ${half})`;
  }
}
