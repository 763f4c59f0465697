/** An object that is followed: its filter, and what is believed about its existence, class and size. */
import { CLASS_COUNT, CLASS_CYCLIST, CLASS_PEDESTRIAN, CLASS_UNKNOWN, isVulnerable, usualSize } from "../../lib/perception-rows";
import { ObjectFilter } from "./object-filter";
import { CAMERA, SOURCES, classWeight, evidence, sizeGrowth, sizeShrinkage } from "./source";

/** Existence of an object that was seen once with score 1, per unit of evidence. */
const BIRTH: f64 = 0.8;
/** A track is confirmed with this existence, after so many hits within this time at least. */
const CONFIRM: f64 = 0.75;
const CONFIRM_HITS: i32 = 3;
const CONFIRM_US: i64 = 100_000;
/** And when position and velocity are known so well, m and m/s. */
const CONFIRM_POSITION: f64 = 6;
const CONFIRM_SPEED: f64 = 6;
/** Below these, a track is given up: one that is confirmed, and one that is not. */
const GIVE_UP: f64 = 0.2;
const GIVE_UP_TENTATIVE: f64 = 0.08;
/** No sensor sees everything all the time: misses count after this time, µs. */
const GRACE_US: i64 = 150_000;
/** Time constants of losing belief without hits, s: of what was seen often, of what was not yet, by hit; and of what is not confirmed. */
const FORGET: f64 = 0.55;
const FORGET_YOUNG: f64 = 0.15;
const FORGET_PER_HIT: f64 = 0.03;
const FORGET_TENTATIVE: f64 = 0.2;
/** At least every so manieth hit comes from another sensor, where it is not a camera's track. */
const CAMERA_SHARE: i32 = 5;
/** What remains of the existence where a better sensor sees nothing. */
const DOUBT: f64 = 0.75;
/** Each vote keeps so much of the earlier ones; the class needs so many. */
const VOTE_MEMORY: f64 = 0.94;
const VOTE_LEAST: f64 = 0.8;
/** What remains of the votes for a person at each strong radar echo. */
const ECHO: f64 = 0.6;

export class Track {
  filter: ObjectFilter = new ObjectFilter();
  active: bool = false;
  confirmed: bool = false;
  /** From 1, in the order of confirmation; 0 before. */
  id: u32 = 0;
  /** Probability that there is such an object, 0 … 1. */
  existence: f64 = 0;
  hits: i32 = 0;
  bornUs: i64 = 0;
  seenUs: i64 = 0;
  /** m; NaN where nothing tells. */
  length: f64 = NaN;
  width: f64 = NaN;
  height: f64 = NaN;
  /** Hits by source of detection. */
  hitsBy: StaticArray<i32> = new StaticArray<i32>(SOURCES);
  private votes: StaticArray<f64> = new StaticArray<f64>(CLASS_COUNT);

  /** Makes this a new, tentative track. */
  begin(timeUs: i64): void {
    this.active = true;
    this.confirmed = false;
    this.id = 0;
    this.existence = 0;
    this.hits = 0;
    this.bornUs = timeUs;
    this.seenUs = timeUs;
    this.length = NaN;
    this.width = NaN;
    this.height = NaN;
    for (let i = 0; i < SOURCES; i++) unchecked(this.hitsBy[i] = 0);
    for (let i = 0; i < CLASS_COUNT; i++) unchecked(this.votes[i] = 0);
  }

  /** Counts a detection that is this object. */
  hit(timeUs: i64, source: i32, kind: i32, score: f64): void {
    const gained = evidence(source) * score;
    this.existence = this.hits == 0 ? BIRTH * gained : this.existence + (1 - this.existence) * gained;
    this.hits++;
    unchecked(this.hitsBy[source]++);
    this.seenUs = max<i64>(this.seenUs, timeUs);
    if (kind == CLASS_UNKNOWN) return;
    for (let i = 0; i < CLASS_COUNT; i++) unchecked((this.votes[i] *= VOTE_MEMORY));
    unchecked((this.votes[kind] += score * classWeight(source)));
  }

  /** Counts a radar echo as strong as a vehicle's: people do not have one. */
  echo(): void {
    unchecked((this.votes[CLASS_PEDESTRIAN] *= ECHO));
    unchecked((this.votes[CLASS_CYCLIST] *= ECHO));
  }

  /** Counts that a sensor which ought to see it does not. */
  doubt(): void {
    this.existence *= DOUBT;
  }

  /** Takes a size from a detection; a side of NaN or 0 was not seen. */
  measureSize(source: i32, length: f64, width: f64, height: f64): void {
    this.length = smoothed(source, this.length, length);
    this.width = smoothed(source, this.width, width);
    this.height = smoothed(source, this.height, height);
  }

  /** Lets belief fade while nothing is seen. Returns whether the track lives on. */
  fade(timeUs: i64, seconds: f64): bool {
    if (timeUs - this.seenUs > GRACE_US) {
      const known = min<f64>(FORGET_YOUNG + FORGET_PER_HIT * <f64>this.hits, FORGET);
      this.existence *= Math.exp(-seconds / (this.confirmed ? known : FORGET_TENTATIVE));
    }
    return this.existence >= (this.confirmed ? GIVE_UP : GIVE_UP_TENTATIVE);
  }

  /** Whether a tentative track has earned its confirmation. */
  get earned(): bool {
    const lasts = this.hits >= CONFIRM_HITS && this.seenUs - this.bornUs >= CONFIRM_US;
    return lasts && this.existence >= CONFIRM && this.positionSpread < CONFIRM_POSITION && this.speedSpread < CONFIRM_SPEED;
  }

  /** The class that most votes are for; ties go to the lower number. */
  get kind(): i32 {
    let best = CLASS_UNKNOWN;
    let most = VOTE_LEAST;
    for (let i = 1; i < CLASS_COUNT; i++) {
      const votes = unchecked(this.votes[i]);
      if (votes > most) {
        best = i;
        most = votes;
      }
    }
    return best;
  }

  /** Whether hardly anything but a camera has seen it, so that its distance is a guess. */
  get cameraOnly(): bool {
    return (this.hits - unchecked(this.hitsBy[CAMERA])) * CAMERA_SHARE < this.hits;
  }

  /** Length (0), width (1) or height (2), m: measured, or usual for the class; NaN where neither is known. */
  size(dimension: i32): f64 {
    const measured = dimension == 0 ? this.length : dimension == 1 ? this.width : this.height;
    const usual = usualSize(this.kind, dimension);
    if (isNaN(measured)) return usual;
    if (isNaN(usual)) return measured;
    // What is seen of a thing is at most the thing, and a cluster is rarely half of it too large.
    return min<f64>(max<f64>(measured, usual * 0.8), usual * 1.6);
  }

  /** As `size`, with a guess where nothing is known. */
  sizeOr(dimension: i32, guess: f64): f64 {
    const size = this.size(dimension);
    return isNaN(size) ? guess : size;
  }

  /** Whether its class is a person's or rider's. */
  get vulnerable(): bool {
    return isVulnerable(this.kind);
  }

  /** Standard deviation of the position, m, over both axes. */
  get positionSpread(): f64 {
    return Math.sqrt(this.filter.variance(0) + this.filter.variance(1));
  }

  /** Standard deviation of the velocity, m/s, over both axes. */
  get speedSpread(): f64 {
    return Math.sqrt(this.filter.variance(2) + this.filter.variance(3));
  }
}

function smoothed(source: i32, size: f64, seen: f64): f64 {
  if (!(seen > 0.05) || !isFinite(seen)) return size;
  if (isNaN(size)) return seen;
  return size + (seen > size ? sizeGrowth(source) : sizeShrinkage(source)) * (seen - size);
}
