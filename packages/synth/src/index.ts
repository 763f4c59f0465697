/** A drive made from a seed: what its sensors measure, how everything really was, and how good a pipeline's view of it is. */
export {
  type Detection,
  type DetectionBatch,
  type DetectionEvaluation,
  type DetectionScore,
  evaluateDetections,
} from "./evaluate/detections.ts";
export { defaultRules, type EvaluationRules } from "./evaluate/rules.ts";
export {
  type ErrorFigures,
  evaluateTracks,
  type Track,
  type TrackEvaluation,
  type TrackList,
} from "./evaluate/tracks.ts";
export { defaultStartUs, type Scenario, SynthOptionError, type SynthOptions, scenarios } from "./options.ts";
export { truthTopics } from "./sensors/ground-truth.ts";
export {
  type SynthesiseOptions,
  type SynthesiseSummary,
  type SynthSummary,
  type SynthWatch,
  synthesise,
  writeDrive,
} from "./synthesise.ts";
export type { TruthEgo, TruthEvent, TruthFrame, TruthObject } from "./truth/truth-frame.ts";
