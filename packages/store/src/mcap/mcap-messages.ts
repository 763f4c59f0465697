import { McapIndexedReader } from "@mcap/core";
import type { Problem } from "@playhead/recording";
import type { RecordedChannels } from "../readings/channel-sensors.ts";
import type { ProblemLog } from "../readings/problem-log.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import type { FileBytes } from "./file-bytes.ts";
import { type OpenOptions, openMcapFile } from "./mcap-file.ts";
import type { Run } from "./merge.ts";
import { readProfile } from "./profile.ts";
import { keptRuns } from "./read-ahead.ts";
import { OPCODE, parseMetadata, RECORD_HEADER_BYTES } from "./records.ts";
import { isFinished } from "./summary.ts";
import { readWrittenPart } from "./written-part.ts";

/** A file's messages as they are recorded, malformed ones too: for what passes recordings on without looking into them. */
export interface McapMessages extends RecordedChannels {
  readonly path: string;
  readonly sizeBytes: number;
  /** Grows while messages are read. */
  readonly problems: readonly Problem[];
  readonly messageCount: number;
  /** What the header says, such as `ros2`. */
  readonly profile: string;
  /** Named sets of strings, in the order of the file. */
  readonly metadata: readonly { readonly name: string; readonly entries: Readonly<Record<string, string>> }[];
  /** Runs of rows that follow each other in total order. */
  messages(): AsyncIterable<Run>;
  close(): Promise<void>;
}

/** Opens an MCAP file for its messages: like `openMcap`, without the conversion to readings. */
export async function openMcapMessages(path: string, options: OpenOptions = {}): Promise<McapMessages> {
  const mcap = await openMcapFile(path, options);
  try {
    const { file, problems, ranges, groups, loader } = mcap;
    const counts = Array.from(ranges.values(), ({ count }) => count);
    return {
      path,
      sizeBytes: file.sizeBytes,
      problems: problems.problems,
      schemas: mcap.schemas,
      channels: mcap.channels,
      messageCount: counts.reduce((sum, count) => sum + count, 0),
      ...(await readRest(file, problems)),
      async *messages() {
        const all = new Uint8Array(mcap.sensors.length).fill(1);
        for await (const { run } of keptRuns(groups.between(0, Number.POSITIVE_INFINITY, all), loader))
          yield run;
      },
      close: () => mcap.close(),
    };
  } catch (error) {
    await mcap.close();
    throw error;
  }
}

/** What a file has beside its messages: by its summary, or of one that has none, up to the damage. */
export async function readRest(
  file: FileBytes,
  log: ProblemLog,
): Promise<Pick<McapMessages, "profile" | "metadata">> {
  try {
    return await readIndexed(file, log);
  } catch {
    return readUnindexed(file, log);
  }
}

async function readIndexed(
  file: FileBytes,
  log: ProblemLog,
): Promise<Pick<McapMessages, "profile" | "metadata">> {
  const reader = await McapIndexedReader.Initialize({ readable: file });
  const metadata: McapMessages["metadata"][number][] = [];
  for await (const record of reader.readMetadata())
    metadata.push({ name: record.name, entries: Object.fromEntries(record.metadata) });
  const attachments = reader.attachmentIndexes.length;
  if (attachments > 0)
    log.addForFile("attachments", "attachments", `${attachments} attachments are not read`);
  return { profile: reader.header.profile, metadata };
}

async function readUnindexed(
  file: FileBytes,
  log: ProblemLog,
): Promise<Pick<McapMessages, "profile" | "metadata">> {
  const profile = await readProfile(file).catch(() => {
    log.addForFile(
      "header",
      "no-profile",
      `${file.path}: expected a header, found a damaged one; its profile is lost`,
    );
    return "";
  });
  const metadata: McapMessages["metadata"][number][] = [];
  const { others, end, isWhole } = await readWrittenPart(file, DEFAULT_MAX_CHUNK_BYTES);
  // Of a file that breaks off, the reading of its messages says so.
  if (!isWhole && (await isFinished(file))) {
    const found = `found damage at byte ${end}; metadata behind it are lost`;
    log.addForFile("metadata", "no-metadata", `${file.path}: expected whole records, ${found}`);
  }
  for (const { opcode, offset, bytes } of others) {
    if (opcode !== OPCODE.metadata) continue;
    try {
      metadata.push(parseMetadata(bytes.subarray(RECORD_HEADER_BYTES)));
    } catch (cause) {
      const reason = `the metadata at byte ${offset}: ${(cause as Error).message}; they are left out`;
      log.addForFile(`metadata ${offset}`, "malformed-record", reason);
    }
  }
  return { profile, metadata };
}
