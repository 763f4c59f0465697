import type { TruthFrame, TruthObject } from "../truth/truth-frame.ts";
import { assign } from "./assignment.ts";
import {
  defaultRules,
  distanceToFace,
  distanceToFootprint,
  type EvaluationRules,
  gateOf,
  isDue,
  isInRegion,
} from "./rules.ts";
import { TruthTimeline } from "./truth-at.ts";

/** An object that is followed: centre of its near side (m) and velocity relative to the vehicle (m/s), vehicle frame. */
export interface Track {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
}

/** The tracks at one time. */
export interface TrackList {
  /** µs since the Unix epoch. */
  readonly timeUs: number;
  readonly tracks: readonly Track[];
}

/** Errors of a quantity: mean and root of the mean square; NaN where there was nothing to compare. */
export interface ErrorFigures {
  readonly mean: number;
  readonly rms: number;
}

export interface TrackEvaluation {
  /** Distance from the object's near side, m. */
  readonly position: ErrorFigures;
  /** Length of the difference of the velocity vectors, m/s. */
  readonly velocity: ErrorFigures;
  /** Share of due objects that are followed, over all lists; 1 where none is due. */
  readonly recall: number;
  /** Share of tracks on due objects among the tracks that are right or wrong; 1 without any. */
  readonly precision: number;
  /** How often a due object that was followed is followed under another id later. */
  readonly idSwitches: number;
  /** Pairs of track and object that were compared. */
  readonly pairs: number;
  readonly listsWithoutTruth: number;
}

/**
 * Compares tracks with the ground truth as K. Bernardin and R. Stiefelhagen do (The CLEAR MOT metrics, 2008): in each list, pairs of the list
 * before that are still within the gate stay together; the others are paired one to one by least distance. What is due, right, wrong
 * or ignored goes by the same rules as for detections. The velocity in the truth is that over ground minus the vehicle's own, along its
 * axes.
 */
export function evaluateTracks(
  truth: readonly TruthFrame[],
  lists: readonly TrackList[],
  rules: EvaluationRules = defaultRules,
): TrackEvaluation {
  const timeline = new TruthTimeline(truth);
  const matcher = new Matcher(rules);
  let listsWithoutTruth = 0;
  for (const list of lists) {
    const objects = timeline.at(list.timeUs);
    if (objects) matcher.add(list.tracks, objects);
    else listsWithoutTruth++;
  }
  return { ...matcher.result(), listsWithoutTruth };
}

class Matcher {
  readonly #rules: EvaluationRules;
  /** Track id by object id: of the last list, and of all lists so far. */
  #current = new Map<number, number>();
  readonly #known = new Map<number, number>();
  readonly #position = new ErrorSum();
  readonly #velocity = new ErrorSum();
  #missed = 0;
  #wrong = 0;
  #switches = 0;

  constructor(rules: EvaluationRules) {
    this.#rules = rules;
  }

  add(tracks: readonly Track[], objects: readonly TruthObject[]): void {
    const due = objects.filter((object) => isDue(this.#rules, object));
    const pairs = this.#pair(tracks, due);
    const next = new Map<number, number>();
    for (const [track, object] of pairs) {
      next.set(object.id, track.id);
      const known = this.#known.get(object.id);
      if (known !== undefined && known !== track.id) this.#switches++;
      this.#known.set(object.id, track.id);
      this.#position.add(distanceToFace(object, track.x, track.y));
      const dx = track.vx - object.vx;
      const dy = track.vy - object.vy;
      this.#velocity.add(Math.sqrt(dx * dx + dy * dy));
    }
    this.#current = next;
    this.#missed += due.length - pairs.size;
    const others = objects.filter((object) => !isDue(this.#rules, object));
    for (const track of tracks) if (!pairs.has(track) && !this.#isIgnored(track, others)) this.#wrong++;
  }

  #pair(tracks: readonly Track[], due: readonly TruthObject[]): Map<Track, TruthObject> {
    const pairs = new Map<Track, TruthObject>();
    const taken = new Set<number>();
    for (const object of due) {
      const id = this.#current.get(object.id);
      const track =
        id === undefined
          ? undefined
          : tracks.find((candidate) => candidate.id === id && !pairs.has(candidate));
      if (!track || this.#cost(track, object) === Number.POSITIVE_INFINITY) continue;
      pairs.set(track, object);
      taken.add(object.id);
    }
    const freeTracks = tracks.filter((track) => !pairs.has(track));
    const freeObjects = due.filter((object) => !taken.has(object.id));
    const partners = assign(freeTracks.length, freeObjects.length, (t, o) =>
      this.#cost(freeTracks[t] as Track, freeObjects[o] as TruthObject),
    );
    freeTracks.forEach((track, i) => {
      const object = freeObjects[partners[i] as number];
      if (object) pairs.set(track, object);
    });
    return pairs;
  }

  #cost(track: Track, object: TruthObject): number {
    const distance = distanceToFace(object, track.x, track.y);
    return distance <= gateOf(this.#rules, object) ? distance : Number.POSITIVE_INFINITY;
  }

  #isIgnored({ x, y }: Track, others: readonly TruthObject[]): boolean {
    if (!isInRegion(this.#rules, x, y)) return true;
    return others.some((other) => distanceToFootprint(other, x, y) <= gateOf(this.#rules, other));
  }

  result(): Omit<TrackEvaluation, "listsWithoutTruth"> {
    const pairs = this.#position.count;
    return {
      position: this.#position.figures(),
      velocity: this.#velocity.figures(),
      recall: pairs + this.#missed > 0 ? pairs / (pairs + this.#missed) : 1,
      precision: pairs + this.#wrong > 0 ? pairs / (pairs + this.#wrong) : 1,
      idSwitches: this.#switches,
      pairs,
    };
  }
}

class ErrorSum {
  count = 0;
  #sum = 0;
  #squares = 0;

  add(error: number): void {
    this.count++;
    this.#sum += error;
    this.#squares += error * error;
  }

  figures(): ErrorFigures {
    return { mean: this.#sum / this.count, rms: Math.sqrt(this.#squares / this.count) };
  }
}
