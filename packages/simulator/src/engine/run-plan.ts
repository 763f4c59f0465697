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
  /** Both inclusive, µs. */
  readonly startUs: number;
  readonly endUs: number;
}

export interface TopicSchema {
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}
