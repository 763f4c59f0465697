import { type OutputSink, type RunReport, recordOutputs } from "@playhead/simulator";
import { countWrittenMessages, createMcapWriter, resumeMcapWriter } from "@playhead/store";
import { removeReport } from "./run-report-file.ts";

/**
 * Records the outputs of a run as MCAP. What is there already is replaced when every unit has been initialised, and not before; a run that goes on
 * goes on with it.
 */
export function recordRun(out: string, report: () => Promise<RunReport> | undefined): OutputSink {
  return recordOutputs(
    async (firstIndex) => {
      const writer =
        firstIndex === 0 ? await createMcapWriter(out) : await resumeMcapWriter(out, { keep: firstIndex });
      await removeReport(out);
      return writer;
    },
    async () => metadataOf(await report()),
  );
}

/** How many outputs an earlier run recorded, as far as they can be gone on from. */
export async function recordedOutputs(out: string): Promise<number> {
  return await countWrittenMessages(out).catch(() => 0);
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
