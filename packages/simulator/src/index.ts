export {
  type Command,
  type CommandResult,
  MAX_SPEED,
  MIN_SPEED,
  type RefusalCode,
  refusal,
  type SeekReport,
  type Speed,
  type StepUnit,
} from "./command.ts";
export {
  defaultConfig,
  type PublicationConfig,
  parseConfig,
  type SimulationConfig,
  type UnitConfig,
} from "./config.ts";
export type { RunPlan, TopicSchema } from "./engine.ts";
export { type FaultPlace, SimulationError, type SimulationErrorCode } from "./errors.ts";
export type { Frame, SimulationState, SimulationStatus, UnitStatus, ViewFrame } from "./frame.ts";
export {
  type LoadOptions,
  loadComposition,
  loadPipeline,
  type PackageOptions,
} from "./load-pipeline.ts";
export { type ConfiguredPipeline, makePlan, type RangeRequest } from "./make-plan.ts";
export type { Drawing, Output, OutputSink, OutputTopic } from "./output.ts";
export { type Picture, pictureToJson } from "./picture.ts";
export type { HostImports, LinkedUnit, Pipeline, UnitExports, ViewExports } from "./pipeline.ts";
export { recordOutputs } from "./record-outputs.ts";
export type { AlertRecord, RunReport } from "./report.ts";
export { Simulation, type SimulationOptions } from "./simulation.ts";
export { wacPipeline } from "./wac-pipeline.ts";
export { systemClock, type WallClock } from "./wall-clock.ts";
