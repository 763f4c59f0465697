/** A line on a terminal that is written over and over; silent where standard error is no terminal. */
export class Progress {
  readonly #stream = process.stderr;
  #shownMs = 0;
  #width = 0;

  /** @param share 0 … 1 */
  show(share: number, text: string): void {
    if (!this.#stream.isTTY) return;
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < 100 && share < 1) return;
    this.#shownMs = nowMs;
    const cells = 30;
    const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
    const line = `${"━".repeat(full)}${"─".repeat(cells - full)} ${(share * 100).toFixed(0).padStart(3)} % ${text}`;
    this.#stream.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#width > 0) this.#stream.write(`\r${" ".repeat(this.#width)}\r`);
    this.#width = 0;
  }
}
