import type { TruthFrame, TruthObject } from "../truth/truth-frame.ts";

/** How far outside of the frames a time may lie, and how far apart neighbouring frames may be, µs. */
const toleranceUs = 110_000;

/** Ground truth at any time between its frames. */
export class TruthTimeline {
  readonly #frames: readonly TruthFrame[];

  /** Frames in order of time. */
  constructor(frames: readonly TruthFrame[]) {
    this.#frames = frames;
  }

  /** The objects at a time, moved steadily between the two frames around it; undefined where there is no truth near. */
  at(timeUs: number): readonly TruthObject[] | undefined {
    const index = this.#lastAtOrBefore(timeUs);
    const before = this.#frames[index];
    const after = this.#frames[index + 1];
    if (!before) return after && after.time_us - timeUs <= toleranceUs ? after.objects : undefined;
    if (!after || after.time_us - before.time_us > 2 * toleranceUs) {
      return timeUs - before.time_us <= toleranceUs ? before.objects : undefined;
    }
    const share = (timeUs - before.time_us) / (after.time_us - before.time_us);
    if (share === 0) return before.objects;
    const later = new Map(after.objects.map((object) => [object.id, object]));
    return before.objects.map((object) => between(object, later.get(object.id), share));
  }

  #lastAtOrBefore(timeUs: number): number {
    let low = -1;
    let high = this.#frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#frames[middle]?.time_us ?? 0) <= timeUs) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function between(from: TruthObject, to: TruthObject | undefined, share: number): TruthObject {
  if (!to) return from;
  const mix = (a: number, b: number) => a + (b - a) * share;
  const pair = (a: readonly [number, number], b: readonly [number, number]) =>
    [mix(a[0], b[0]), mix(a[1], b[1])] as const;
  const wrapped = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  return {
    ...from,
    x: mix(from.x, to.x),
    y: mix(from.y, to.y),
    yaw: from.yaw + share * wrapped(to.yaw - from.yaw),
    vx: mix(from.vx, to.vx),
    vy: mix(from.vy, to.vy),
    nearest: pair(from.nearest, to.nearest),
    near_side: pair(from.near_side, to.near_side),
    visible: mix(from.visible, to.visible),
  };
}
