export type { TopicStatus } from "./bus/bus.ts";
export type { QueuePolicy, SubscriptionStatus } from "./bus/subscription.ts";
export type { CapsuleRecord } from "./capsule/capsule-keeper.ts";
export { type CapsuleFailure, type CapsuleReplay, replayCapsule } from "./capsule/replay-capsule.ts";
export { openVault, type Vault, type VaultOptions } from "./checkpoints/open-vault.ts";
export {
  defaultConfig,
  type PublicationConfig,
  parseConfig,
  parseRunFile,
  type RunSettings,
  type SimulationConfig,
  type UnitConfig,
} from "./config/config.ts";
export { type ConfiguredPipeline, makePlan, type RangeRequest } from "./config/make-plan.ts";
export {
  type CheckpointPlace,
  type Command,
  type CommandResult,
  type Condition,
  commandFields,
  type Loop,
  MAX_SPEED,
  MIN_SPEED,
  type RefusalCode,
  readCommand,
  type SeekProof,
  type SeekReport,
  type Speed,
} from "./control/command.ts";
export type { Distribution } from "./control/distribution.ts";
export type {
  Frame,
  SeekProgress,
  SimulationState,
  SimulationStatus,
  UnitStatus,
  ViewFrame,
} from "./control/frame.ts";
export type { RealTimeStatus } from "./control/real-time.ts";
export type { AlertRecord, CheckpointReport, FaultRecord, RunReport } from "./control/report.ts";
export { Simulation } from "./control/simulation.ts";
export type { RunDescription, SimulationHandle, UnitDescription } from "./control/simulation-handle.ts";
export type { SimulationOptions } from "./control/simulation-options.ts";
export { systemClock, type WallClock } from "./control/wall-clock.ts";
export type { Decision, DecisionAction } from "./engine/decision.ts";
export type { RunPlan, TopicSchema } from "./engine/run-plan.ts";
export type { StateParts } from "./engine/state-hash.ts";
export {
  type FaultInput,
  type FaultKind,
  type FaultPlace,
  SimulationError,
  type SimulationErrorCode,
} from "./errors.ts";
export type { CameraPicture, Drawing, Output, OutputSink, OutputTopic } from "./outputs/output.ts";
export { type Picture, pictureToJson } from "./outputs/picture.ts";
export { recordOutputs } from "./outputs/record-outputs.ts";
export {
  type LoadOptions,
  loadComposition,
  loadPipeline,
  type PackageOptions,
} from "./pipeline/load-pipeline.ts";
export type { HostImports, LinkedUnit, Pipeline, UnitExports, ViewExports } from "./pipeline/pipeline.ts";
export { wacPipeline } from "./pipeline/wac-pipeline.ts";
export { serveSimulation } from "./thread/serve-simulation.ts";
export { startInThread, type ThreadOptions } from "./thread/start-in-thread.ts";
export type { StateDifference } from "./verify/compare-states.ts";
export type { TrialDifference } from "./verify/compare-trials.ts";
export type { PayloadDifference, TextDifference } from "./verify/diff-payloads.ts";
export {
  type Divergence,
  diffRuns,
  type NamedDifference,
  type RunDiff,
  type TopicDifference,
} from "./verify/diff-runs.ts";
export type { ValueDifference } from "./verify/diff-values.ts";
export {
  type Laboratory,
  nameOf as nameOfTrial,
  type Trial,
  type TrialResult,
  type Variant,
} from "./verify/laboratory.ts";
export { randomWay } from "./verify/random-way.ts";
export {
  openRecordedRun,
  type RecordedOutput,
  type RecordedRun,
  type RecordedTopic,
} from "./verify/recorded-run.ts";
export type { ReplayDifference } from "./verify/replay-check.ts";
export { runWay, type Visit, type WayResult } from "./verify/run-way.ts";
export { type Finding, type Verification, type VerifyOptions, verify } from "./verify/verify.ts";
export { type Move, plainWay, type Way } from "./verify/way.ts";
