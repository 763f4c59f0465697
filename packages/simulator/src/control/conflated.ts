/** Hands the newest value to each reader; a reader that is slow misses values and never holds anyone up. */
export class Conflated<T> {
  #latest: { readonly value: T; readonly version: number } | undefined;
  #version = 0;
  #closed = false;
  readonly #waiting = new Set<() => void>();

  /** Whether a reader waits for a value now. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  put(value: T): void {
    this.#latest = { value, version: ++this.#version };
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Values from the latest on, until closed or aborted. */
  async *read(signal?: AbortSignal): AsyncGenerator<T> {
    let seen = 0;
    const onAbort = (): void => this.#wake();
    signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        if (signal?.aborted) return;
        const latest = this.#latest;
        if (latest !== undefined && latest.version > seen) {
          seen = latest.version;
          yield latest.value;
        } else if (this.#closed) return;
        else await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
