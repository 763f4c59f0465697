/** A drive made from a seed: what its sensors measure, and how everything really was. */
export {
  completeOptions,
  defaultStartUs,
  type Scenario,
  SynthOptionError,
  type SynthOptions,
  scenarios,
} from "./options.ts";
export { type SynthSummary, type SynthWatch, writeDrive } from "./synthesise.ts";
