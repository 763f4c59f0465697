/** A drive made from a seed: what its sensors measure, and how everything really was. */
export {
  completeOptions,
  defaultStartUs,
  type Scenario,
  SynthOptionError,
  type SynthOptions,
  scenarios,
} from "./options.ts";
export {
  type SynthesiseOptions,
  type SynthesiseSummary,
  type SynthSummary,
  type SynthWatch,
  synthesise,
  writeDrive,
} from "./synthesise.ts";
