import { type ImportSummary, importInto, type MessageSource, type SourceOptions } from "@playhead/formats";
import { RecordingError } from "@playhead/recording";
import type { Compression } from "@playhead/store";
import { interruptible } from "./interruptible.ts";
import { openAnySource } from "./open-any-source.ts";
import { printable } from "./printable.ts";
import { Progress } from "./progress.ts";
import { refuseOverwriting } from "./refuse-overwriting.ts";
import { problemLines } from "./summary.ts";
import { table } from "./table.ts";
import { refuseReplacing, writeWhole } from "./write-whole.ts";

/** Where and how a recording is written. */
export interface ImportTarget {
  readonly out: string;
  readonly force?: boolean;
  readonly compression: Compression;
}

/**
 * Writes a recording of any format, or of a database, as MCAP, whole or not at all, with a line of progress. `change` is what becomes of it on the way. Undefined when it was
 * ended early.
 */
export async function importFile(
  file: string,
  reading: SourceOptions,
  { out, force, compression }: ImportTarget,
  change: (source: MessageSource, signal: AbortSignal) => MessageSource | Promise<MessageSource> = (source) =>
    source,
): Promise<ImportSummary | undefined> {
  await refuseOverwriting([out], [file, ...(reading.dbc ?? []).map(({ path }) => path)]);
  await refuseReplacing(out, force === true);
  return interruptible(async (signal) => {
    const source = await openAnySource(file, { ...reading, signal });
    const progress = new Progress();
    const onProgress = (share: number | undefined, messages: number): void =>
      progress.show(share ?? 0, `${messages} messages of ${printable(source.name)}`);
    try {
      const changed = await change(source, signal);
      const { profile = "" } = changed;
      return await writeWhole(out, { signal, compression, profile }, async (writer) => {
        const summary = await importInto(writer, changed, { onProgress, signal });
        refuseNothing(file, summary);
        return summary;
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      progress.clear();
      await source.close();
    }
  });
}

/** An empty recording is one, too; but not what damage has left nothing of. */
function refuseNothing(file: string, { messages, problems }: ImportSummary): void {
  if (messages > 0 || problems.length === 0) return;
  const found = ["none", ...problems.slice(0, 3).map(({ message }) => message)].join("; ");
  throw new RecordingError("damaged", { expected: "a message that can be read", found, where: file });
}

export function importJson(out: string, { startNs, endNs, ...rest }: ImportSummary): string {
  const times = { startNs: startNs?.toString(), endNs: endNs?.toString() };
  return `${JSON.stringify({ file: out, ...rest, ...times })}\n`;
}

export function importText(out: string, summary: ImportSummary): string {
  const { format, time, messages, startNs = 0n, endNs = 0n, channels, problems } = summary;
  const rows = channels.map((channel) => [
    channel.topic,
    channel.schema,
    channel.messageEncoding,
    channel.messages,
  ]);
  return [
    `${printable(out)}: ${messages} messages in ${(Number(endNs - startNs) / 1e9).toFixed(3)} s, from ${format}\n`,
    time === "header" ? "Time        by header stamps; log times are kept as publish times\n" : "",
    `Topics\n${table([["topic", "schema", "encoding", "messages"], ...rows])}`,
    problems.length === 0 ? "" : `Problems\n${problemLines(problems, "  ")}`,
  ].join("");
}
