import { type OutputSink, type RunReport, recordOutputs } from "@playhead/simulator";
import { createMcapWriter } from "@playhead/store";
import { removeReport } from "./run-report-file.ts";

/** Records the outputs of a run as MCAP. What is there already is replaced when every unit has been initialised, and not before. */
export function recordRun(out: string, report: () => Promise<RunReport> | undefined): OutputSink {
  return recordOutputs(
    async () => {
      const writer = await createMcapWriter(out);
      await removeReport(out);
      return writer;
    },
    async () => metadataOf(await report()),
  );
}

/** What the recorded output says of the run that made it: only what equal runs have in common. */
function metadataOf(report: RunReport | undefined): Record<string, string> {
  if (report === undefined) return {};
  const { decisions } = report;
  const { runHash, inputHash, identity, recording, composition, state, startUs, endUs, durationUs } = report;
  return {
    runHash,
    inputHash: inputHash ?? "",
    identity,
    recording,
    composition,
    state,
    startUs: String(startUs),
    endUs: String(endUs),
    untilUs: String(startUs + durationUs),
    ...(decisions.length > 0 && { decisions: JSON.stringify(decisions) }),
  };
}
