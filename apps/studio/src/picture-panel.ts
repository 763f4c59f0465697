import { make } from "./element.ts";
import { timeText } from "./time-text.ts";

/**
 * Shows one picture. It asks for a new one when the old one is older than what the server has, one request at a time, and keeps the
 * old picture until the new one can be drawn.
 */
export class PicturePanel {
  readonly root = document.createElement("figure");
  readonly #url: string;
  readonly #image = document.createElement("img");
  readonly #time = make("span");
  #shownUs = Number.NaN;
  #wanted: { timeUs: number; startUs: number } | undefined;
  #busy = false;

  constructor(name: string, title: string, url: string) {
    this.#url = url;
    this.root.dataset.view = name;
    const caption = make("figcaption");
    caption.append(make("span", title), this.#time);
    this.#image.alt = title;
    this.root.append(caption, this.#image);
  }

  show(timeUs: number, startUs: number): void {
    this.#wanted = { timeUs, startUs };
    if (!this.#busy) void this.#load();
  }

  async #load(): Promise<void> {
    this.#busy = true;
    while (this.#wanted !== undefined && this.#wanted.timeUs !== this.#shownUs) {
      const { timeUs, startUs } = this.#wanted;
      const response = await fetch(`${this.#url}${this.#url.includes("?") ? "&" : "?"}t=${timeUs}`).catch(
        () => undefined,
      );
      this.#shownUs = timeUs;
      if (response?.ok !== true) continue;
      await this.#draw(await response.blob());
      this.#time.textContent = timeText(timeUs - startUs);
      this.root.dataset.timeUs = String(timeUs);
    }
    this.#busy = false;
  }

  async #draw(picture: Blob): Promise<void> {
    const old = this.#image.src;
    const next = new Image();
    next.src = URL.createObjectURL(picture);
    await next.decode().catch(() => undefined);
    this.#image.src = next.src;
    if (old !== "") URL.revokeObjectURL(old);
  }
}
