/** How often a thread is asked whether it is still there, ms. */
const INTERVAL_MS = 500;

export interface WatchdogHooks {
  /** Asks the thread to answer. */
  ping(): void;
  /** The thread has been silent for this long, ms. Called once. */
  lost(silentMs: number): void;
}

/** Ends what does not answer: asks a thread again and again, and tells when nothing was heard from it for too long. */
export class Watchdog {
  readonly #hooks: WatchdogHooks;
  #timer: NodeJS.Timeout | undefined;
  /** Askings since something was heard. */
  #unanswered = 0;

  constructor(hooks: WatchdogHooks) {
    this.#hooks = hooks;
  }

  /** @param limitMs the longest silence; counted in askings, so that a machine that slept does not count as one */
  start(limitMs: number): void {
    this.stop();
    const most = Math.max(1, Math.ceil(limitMs / INTERVAL_MS));
    this.#timer = setInterval(() => {
      if (this.#unanswered > most) {
        const silentMs = (this.#unanswered - 1) * INTERVAL_MS;
        this.stop();
        this.#hooks.lost(silentMs);
        return;
      }
      this.#unanswered++;
      this.#hooks.ping();
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  heard(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#unanswered = 0;
  }
}
