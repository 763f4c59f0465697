import { make } from "./element.ts";
import { timeText } from "./time-text.ts";

interface Wanted {
  readonly timeUs: number;
  readonly startUs: number;
}

/**
 * Shows one picture. It asks for a new one when the old one is older than what the server has, one request at a time, and keeps the
 * old picture until the new one can be drawn. The caption tells the time of the picture that is shown.
 */
export class PicturePanel {
  readonly root = document.createElement("figure");
  readonly #url: string;
  readonly #image = document.createElement("img");
  readonly #time = make("span");
  #shownUs = Number.NaN;
  #wanted: Wanted | undefined;
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

  /** Shows nothing, until there is a picture again. */
  clear(): void {
    this.#wanted = undefined;
    if (!this.#busy) this.#empty();
  }

  async #load(): Promise<void> {
    this.#busy = true;
    let asked: Wanted | undefined;
    while (this.#wanted !== undefined && this.#wanted !== asked && this.#wanted.timeUs !== this.#shownUs) {
      asked = this.#wanted;
      const { timeUs, startUs } = asked;
      const response = await fetch(`${this.#url}${this.#url.includes("?") ? "&" : "?"}t=${timeUs}`).catch(
        () => undefined,
      );
      this.#shownUs = timeUs;
      if (response?.status !== 200) continue;
      await this.#draw(await response.blob());
      this.#shownUs = Number(response.headers.get("X-Time-Us"));
      this.#time.textContent = timeText(this.#shownUs - startUs);
      this.root.dataset.timeUs = String(this.#shownUs);
    }
    this.#busy = false;
    if (this.#wanted === undefined) this.#empty();
  }

  #empty(): void {
    URL.revokeObjectURL(this.#image.src);
    this.#image.removeAttribute("src");
    this.#shownUs = Number.NaN;
    this.#time.textContent = "";
    delete this.root.dataset.timeUs;
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
