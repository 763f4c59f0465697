import type { ChannelDeclaration } from "@playhead/recording";
import type { EgoState, Scene } from "../world/scene.ts";
import type { World } from "../world/world.ts";

/** An instant at which something is measured. */
export class Moment {
  /** µs since the start of the drive. */
  readonly sinceStartUs: number;
  /** µs since the Unix epoch. */
  readonly timeUs: number;
  /** s since the start of the drive. */
  readonly timeS: number;
  readonly #world: World;

  constructor(world: World, sinceStartUs: number) {
    this.#world = world;
    this.sinceStartUs = sinceStartUs;
    this.timeUs = world.options.startUs + sinceStartUs;
    this.timeS = sinceStartUs / 1e6;
  }

  ego(): EgoState {
    return this.#world.ego(this.timeS);
  }

  scene(): Scene {
    return this.#world.look(this.timeS);
  }
}

/** Messages of one kind at times that are known beforehand. */
export interface Series {
  /** Time of the k-th message, µs since the start of the drive, in rising order; undefined when there is none any more. */
  dueUs(k: number): number | undefined;
  /** The message. Called for k = 0, 1, 2, … */
  measure(moment: Moment, k: number): Uint8Array;
}

/** A channel and what is written to it. */
export interface Instrument {
  readonly channel: ChannelDeclaration;
  readonly series: readonly Series[];
}

/** Due times at a steady rate, the first at `phaseUs`; computed from k, so that they never drift. */
export function steadily(rateHz: number, phaseUs: number): (k: number) => number {
  return (k) => phaseUs + Math.round((k * 1e6) / rateHz);
}

/** Where a sensor sits: the keys of a channel's metadata. Metres in the vehicle frame, radians. */
export interface Mount {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly pitch?: number;
}

/** The mounting as strings for a channel's metadata. */
export function mountMetadata(mount: Mount): Record<string, string> {
  return {
    "mount.x": String(mount.x),
    "mount.y": String(mount.y),
    "mount.z": String(mount.z),
    "mount.roll": "0",
    "mount.pitch": String(mount.pitch ?? 0),
    "mount.yaw": "0",
  };
}
