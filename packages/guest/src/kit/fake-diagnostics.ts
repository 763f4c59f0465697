/** Keeps what a guest tells through `playhead:sim/diagnostics`. */

export interface LogLine {
  readonly level: "debug" | "info" | "warning" | "error";
  readonly message: string;
}

export interface Health {
  readonly state: "ok" | "degraded" | "failed";
  readonly reason: string;
}

export class FakeDiagnostics {
  readonly log: LogLine[] = [];
  /** The last value of each figure. */
  readonly metrics = new Map<string, number>();
  /** What the guest said last; `undefined` when it never did. */
  health: Health | undefined;

  imports(): Record<string, unknown> {
    return {
      log: (level: LogLine["level"], message: string) => void this.log.push({ level, message }),
      metric: (name: string, value: number) => void this.metrics.set(name, value),
      health: (state: Health["state"], reason: string) => {
        this.health = { state, reason };
      },
    };
  }
}
