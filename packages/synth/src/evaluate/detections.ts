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

/** Something that was detected: the object's nearest point, vehicle frame, m. */
export interface Detection {
  readonly x: number;
  readonly y: number;
}

/** What was detected in one reading of one sensor. */
export interface DetectionBatch {
  /** Time of the reading, µs since the Unix epoch. */
  readonly timeUs: number;
  /** `camera`, `lidar`, `radar`, … */
  readonly source: string;
  readonly detections: readonly Detection[];
}

/** How good detections are. Shares are 1 where there is nothing to count. */
export interface DetectionScore {
  /** Share of the due objects that were found. */
  readonly recall: number;
  /** Share of right ones among the detections that are right or wrong. */
  readonly precision: number;
  readonly found: number;
  readonly missed: number;
  readonly right: number;
  readonly wrong: number;
  /** Detections that are neither: outside of the region, or on something that is not due. */
  readonly ignored: number;
  /** Mean distance of the right ones from the objects that they belong to, m; NaN without any. */
  readonly meanErrorM: number;
}

export interface DetectionEvaluation {
  /**
   * All sources together: an object counts once per frame of the truth and is found when any source has found it within half a truth
   * period around; the detections of all sources count.
   */
  readonly all: DetectionScore;
  /** Each source by its own batches: every due object counts once per batch. Sorted by name. */
  readonly sources: Readonly<Record<string, DetectionScore>>;
  /** Recall of all sources together by class of the objects. */
  readonly recallByClass: Readonly<Record<string, number>>;
  /** Batches for whose time there is no truth; they count nowhere. */
  readonly batchesWithoutTruth: number;
}

/**
 * Compares detections with the ground truth.
 *
 * In each batch, detections and objects are paired one to one (as many as possible, then least distance) among those that are
 * within the gate of an object that is due (see EvaluationRules). Then
 * - a due object with a partner is found, without one missed;
 * - a detection whose partner is due is right;
 * - a detection without a partner is ignored where it lies outside of the region in which objects are due, or within the gate of
 *   something that is in the truth and not due: scenery (which the truth lists as `static`), hidden, too near or too far;
 * - every other detection is wrong, also a second one on an object that has a partner already.
 *
 * Classes need not agree. Truth between two frames is interpolated.
 */
export function evaluateDetections(
  truth: readonly TruthFrame[],
  batches: readonly DetectionBatch[],
  rules: EvaluationRules = defaultRules,
): DetectionEvaluation {
  const timeline = new TruthTimeline(truth);
  const tallies = new Map<string, Tally>();
  const seen: Seen[] = [];
  let batchesWithoutTruth = 0;
  for (const batch of batches) {
    const objects = timeline.at(batch.timeUs);
    if (!objects) {
      batchesWithoutTruth++;
      continue;
    }
    const tally = tallies.get(batch.source) ?? new Tally();
    tallies.set(batch.source, tally);
    seen.push({ timeUs: batch.timeUs, ids: judge(batch, objects, rules, tally) });
  }
  const all = new Tally();
  for (const tally of tallies.values()) all.addDetections(tally);
  const byClass = new Map<string, Tally>();
  countFound(truth, seen, rules, all, byClass);
  const sources = [...tallies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, tally]) => [name, tally.score()] as const);
  const recalls = [...byClass]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, tally]) => [name, tally.score().recall] as const);
  return {
    all: all.score(),
    sources: Object.fromEntries(sources),
    recallByClass: Object.fromEntries(recalls),
    batchesWithoutTruth,
  };
}

interface Seen {
  readonly timeUs: number;
  readonly ids: ReadonlySet<number>;
}

/** Judges one batch and returns the numbers of the objects that it found. */
function judge(
  batch: DetectionBatch,
  objects: readonly TruthObject[],
  rules: EvaluationRules,
  tally: Tally,
): Set<number> {
  const due = objects.filter((object) => isDue(rules, object));
  const others = objects.filter(
    (object) => !isDue(rules, object) && !(rules.sceneryIsWrong === true && object.class === "static"),
  );
  const { detections } = batch;
  const partners = assign(detections.length, due.length, (d, o) => {
    const { x, y } = detections[d] as Detection;
    const object = due[o] as TruthObject;
    const distance = distanceToFace(object, x, y);
    return distance <= gateOf(rules, object) ? distance : Number.POSITIVE_INFINITY;
  });
  const found = new Set<number>();
  detections.forEach(({ x, y }, i) => {
    const partner = due[partners[i] as number];
    if (partner) {
      found.add(partner.id);
      tally.right++;
      tally.errorSum += distanceToFace(partner, x, y);
    } else if (
      !isInRegion(rules, x, y) ||
      others.some((other) => distanceToFootprint(other, x, y) <= gateOf(rules, other))
    ) {
      tally.ignored++;
    } else {
      tally.wrong++;
    }
  });
  tally.found += found.size;
  tally.missed += due.length - found.size;
  return found;
}

/** Counts, in every frame of the truth, which due objects any source has found around that time. */
function countFound(
  truth: readonly TruthFrame[],
  seen: readonly Seen[],
  rules: EvaluationRules,
  all: Tally,
  byClass: Map<string, Tally>,
): void {
  const sorted = [...seen].sort((a, b) => a.timeUs - b.timeUs);
  let from = 0;
  truth.forEach((frame, i) => {
    const next = truth[i + 1] ?? truth[i - 1];
    const half = next ? Math.abs(next.time_us - frame.time_us) / 2 : 50_000;
    while (from < sorted.length && (sorted[from] as Seen).timeUs < frame.time_us - half) from++;
    const ids = new Set<number>();
    for (let k = from; k < sorted.length && (sorted[k] as Seen).timeUs <= frame.time_us + half; k++) {
      for (const id of (sorted[k] as Seen).ids) ids.add(id);
    }
    for (const object of frame.objects) {
      if (!isDue(rules, object)) continue;
      const tally = byClass.get(object.class) ?? new Tally();
      byClass.set(object.class, tally);
      for (const counted of [all, tally]) {
        if (ids.has(object.id)) counted.found++;
        else counted.missed++;
      }
    }
  });
}

class Tally {
  found = 0;
  missed = 0;
  right = 0;
  wrong = 0;
  ignored = 0;
  errorSum = 0;

  addDetections(other: Tally): void {
    this.right += other.right;
    this.wrong += other.wrong;
    this.ignored += other.ignored;
    this.errorSum += other.errorSum;
  }

  score(): DetectionScore {
    const { found, missed, right, wrong, ignored, errorSum } = this;
    return {
      recall: share(found, found + missed),
      precision: share(right, right + wrong),
      found,
      missed,
      right,
      wrong,
      ignored,
      meanErrorM: right > 0 ? errorSum / right : Number.NaN,
    };
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 1;
}
