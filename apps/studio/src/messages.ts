/** What the server says; the shapes are those of its REST and frame messages. Times in µs since the Unix epoch. */

export type Speed = number | "max";

/** What playing repeats. */
export type Loop = "off" | "all" | { readonly fromUs: number; readonly toUs: number };

export interface Status {
  readonly state: "paused" | "playing" | "seeking" | "ended" | "failed" | "closed";
  readonly timeUs: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly speed: Speed;
  readonly loop: Loop;
  readonly achievedSpeed: number;
  readonly runHash: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface UnitStatus {
  readonly name: string;
  readonly steps: number;
  readonly meanMs: number;
  readonly health: "ok" | "degraded" | "failed";
  readonly healthReason: string;
}

interface Stamped {
  readonly name: string;
  readonly timeUs: number;
}

export interface FrameMessage {
  readonly index: number;
  readonly status: Status;
  readonly units: readonly UnitStatus[];
  readonly views: readonly (Stamped & { readonly title: string })[];
  readonly cameras: readonly Stamped[];
}

export interface RecordingInfo {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly sensors: readonly {
    readonly name: string;
    readonly kind: string;
    readonly count: number;
    readonly rateHz: number;
  }[];
}

export type Command =
  | { readonly type: "play" | "pause" }
  | {
      readonly type: "step";
      readonly unit?: "tick" | "event" | "frame";
      readonly count?: number;
      readonly direction?: "forward" | "back";
    }
  | { readonly type: "seek"; readonly timeUs: number }
  | { readonly type: "seek-by"; readonly deltaUs: number }
  | { readonly type: "speed"; readonly speed: Speed }
  | { readonly type: "loop"; readonly loop: Loop };
