import type { Recording } from "@playhead/recording";
import type { SimulationConfig } from "../config/config.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Decision } from "./decision.ts";

/** What a run is made of: equal parts give equal outputs. */
export interface RunPlan {
  readonly recording: Recording;
  readonly pipeline: Pipeline;
  readonly config: SimulationConfig;
  /** Schemas of the topics that the configuration declares. */
  readonly schemas: ReadonlyMap<string, TopicSchema>;
  /** Contents of the files that the configuration gives to units, by the name that it calls them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is decided beforehand about units that fail: the decisions of a run that is to be repeated. */
  readonly decisions?: readonly Decision[];
  /** Both inclusive, µs. While a recording is followed, the end is the last time of which all is there by now. */
  readonly startUs: number;
  readonly endUs: number;
  /** Set where the recording is read while it is still being written. */
  readonly followed?: Followed;
}

interface Followed {
  /** The last time that was asked for, inclusive, µs; +∞ without. */
  readonly toUs: number;
  /** The configuration as it was given. That of the plan is `causal`: what is ahead may not be there yet. */
  readonly config: SimulationConfig;
}

/** Up to where events may be scheduled, inclusive, µs: beyond what there is while nobody knows where the recording will end. */
export function limitUs({ recording, endUs, followed }: RunRange): number {
  return followed !== undefined && recording.growing === true ? followed.toUs : endUs;
}

export interface RunRange extends Pick<RunPlan, "startUs" | "endUs" | "followed"> {
  readonly recording: Pick<Recording, "growing">;
}

export interface TopicSchema {
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}
