import type { TruthClass } from "../world/body.ts";
import type { StoryEvent } from "../world/story.ts";

/** How everything really was at one instant: a message on `/ground_truth/objects`. Metres, seconds, radians. */
export interface TruthFrame {
  /** µs since the Unix epoch. */
  readonly time_us: number;
  readonly ego: TruthEgo;
  readonly objects: readonly TruthObject[];
}

export interface TruthEgo {
  /** World frame: x east, y north, of the vehicle frame's origin; yaw from east to the left. */
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  /** m/s, m/s² along the path, rad/s positive to the left, 1/m positive to the left, rad nose down positive. */
  readonly speed: number;
  readonly acceleration: number;
  readonly yaw_rate: number;
  readonly curvature: number;
  readonly pitch: number;
}

export interface TruthObject {
  /** Unique in the drive. */
  readonly id: number;
  /** `static` is scenery: trees, lamps, signs, bollards, buildings. */
  readonly class: TruthClass;
  /** More exactly: `van`, `tree`, … */
  readonly kind: string;
  /** Centre of the footprint in the vehicle frame, and the way that it faces. */
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  /**
   * Velocity over ground minus the own velocity, along the vehicle's axes, m/s; the turning of the axes does not count, so that what
   * stands still has (−speed, 0).
   */
  readonly vx: number;
  readonly vy: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** The footprint's point that is closest to the vehicle frame's origin, and the middle of the side that faces it. */
  readonly nearest: readonly [number, number];
  readonly near_side: readonly [number, number];
  /** Share that nothing hides from the camera's place, 0 … 1, whether or not it is in the picture. */
  readonly visible: number;
  /** Whether some of it is in the lane that the vehicle drives in. */
  readonly in_lane: boolean;
  /** Whether its centre is within the camera's picture. */
  readonly in_view: boolean;
  readonly moving: boolean;
}

/** Something that happened: a message on `/ground_truth/events`. */
export interface TruthEvent {
  readonly time_us: number;
  readonly kind: StoryEvent["kind"];
  /** The object that it is about; 0 for the own vehicle. */
  readonly object: number;
}

const number = { type: "number" } as const;
const pair = { type: "array", items: number, minItems: 2, maxItems: 2 } as const;

function object<Properties extends object>(properties: Properties) {
  return { type: "object", properties, required: Object.keys(properties) } as const;
}

/** JSON Schema of a TruthFrame. */
export const truthFrameSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "playhead.GroundTruth",
  ...object({
    time_us: { type: "integer" },
    ego: object({
      x: number,
      y: number,
      yaw: number,
      speed: number,
      acceleration: number,
      yaw_rate: number,
      curvature: number,
      pitch: number,
    }),
    objects: {
      type: "array",
      items: object({
        id: { type: "integer" },
        class: { enum: ["car", "truck", "pedestrian", "static"] },
        kind: { type: "string" },
        x: number,
        y: number,
        yaw: number,
        vx: number,
        vy: number,
        length: number,
        width: number,
        height: number,
        nearest: pair,
        near_side: pair,
        visible: number,
        in_lane: { type: "boolean" },
        in_view: { type: "boolean" },
        moving: { type: "boolean" },
      }),
    },
  }),
};

/** JSON Schema of a TruthEvent. */
export const truthEventSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "playhead.GroundTruthEvent",
  ...object({
    time_us: { type: "integer" },
    kind: { enum: ["braking-start", "braking-end", "reaction", "crossing-start", "crossing-end"] },
    object: { type: "integer" },
  }),
};
