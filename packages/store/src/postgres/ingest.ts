import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Problem } from "@playhead/recording";
import { type McapMessages, openMcapMessages } from "../mcap/mcap-messages.ts";
import type { RecordingAppender } from "../recording-store.ts";
import { refusal } from "./appended-message.ts";
import { declarationsOf, messagesOf } from "./mcap-source.ts";
import type { PostgresStore } from "./postgres-store.ts";

/** Of a file's start and of its end, which has the counts and the places of all chunks. */
const FINGERPRINT_BYTES = 1024 * 1024;

export interface IngestOptions {
  /** Of the recording; the file's without its ending, if left out. */
  readonly name?: string | undefined;
  /** See `PostgresAppendOptions`. */
  readonly samples?: boolean;
  /** Ends it early, so that it can be gone on with later. */
  readonly signal?: AbortSignal;
  /** Told how many messages are done. */
  readonly onProgress?: (messages: number, ofMessages: number) => void;
}

export interface IngestSummary {
  readonly recording: string;
  /** `there`: nothing was to do. `interrupted`: ended early; the next time it goes on. */
  readonly state: "ingested" | "resumed" | "there" | "interrupted";
  /** How many messages the recording has now, and how many of them it had before. */
  readonly messages: number;
  readonly messagesBefore: number;
  /** Of those that were sent, the data alone. */
  readonly sentBytes: number;
  readonly problems: readonly Problem[];
}

/**
 * Copies an MCAP file into a store: every message as it is recorded, in total order. Does nothing where the store has it already, and goes on where it
 * was interrupted. Throws a RecordingError `conflict` where a recording of that name is made of another file.
 */
export async function ingestMcap(
  path: string,
  store: PostgresStore,
  { name = basename(path, extname(path)), samples = true, signal, onProgress }: IngestOptions = {},
): Promise<IngestSummary> {
  const source = await openMcapMessages(path, signal === undefined ? {} : { signal });
  try {
    const origin = await fingerprint(path, source.sizeBytes);
    const found = await store.find(name);
    const summary = { recording: name, sentBytes: 0, problems: source.problems };
    if (found?.sealed === true) {
      if (found.origin !== origin) {
        const [expected, other] = [
          "a name that is free, or the same file again",
          "a recording of another file",
        ];
        throw refusal("conflict", expected, other, `${store.location}, ${name}`);
      }
      const messages = found.messageCount;
      return { ...summary, state: "there", messages, messagesBefore: messages };
    }
    const appender = await store.append(name, { origin, profile: source.profile, bulk: true, samples });
    try {
      const messagesBefore = appender.keptMessages;
      const sentBytes = await copy(source, appender, signal, onProgress);
      const messages = appender.keptMessages;
      if (signal?.aborted === true)
        return { ...summary, state: "interrupted", messages, messagesBefore, sentBytes };
      const kept = (await store.find(name))?.metadata.length ?? 0;
      for (const { name, entries } of source.metadata.slice(kept)) await appender.addMetadata(name, entries);
      await appender.seal();
      return {
        ...summary,
        state: found === undefined ? "ingested" : "resumed",
        messages,
        messagesBefore,
        sentBytes,
      };
    } finally {
      await appender.close();
    }
  } finally {
    await source.close();
  }
}

/** Appends what is not there yet. Returns how many bytes of data were sent. */
async function copy(
  source: McapMessages,
  appender: RecordingAppender,
  signal: AbortSignal | undefined,
  onProgress: IngestOptions["onProgress"],
): Promise<number> {
  for (const channel of declarationsOf(source).slice(appender.channels.length))
    await appender.addChannel(channel);
  const kept = appender.keptMessages;
  let done = 0;
  let sentBytes = 0;
  for await (const messages of messagesOf(source)) {
    if (signal?.aborted === true) break;
    const rest = messages.slice(Math.max(0, kept - done));
    await appender.append(rest);
    sentBytes += rest.reduce((sum, { data }) => sum + data.length, 0);
    done += messages.length;
    onProgress?.(appender.keptMessages, source.messageCount);
  }
  await appender.flush();
  if (signal?.aborted !== true) onProgress?.(appender.keptMessages, source.messageCount);
  return sentBytes;
}

/** Tells a file from others: its size, and a digest of its start and end. */
async function fingerprint(path: string, sizeBytes: number): Promise<string> {
  const handle = await open(path);
  try {
    const hash = createHash("sha256");
    for (const position of [0, Math.max(0, sizeBytes - FINGERPRINT_BYTES)]) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(FINGERPRINT_BYTES),
        0,
        FINGERPRINT_BYTES,
        position,
      );
      hash.update(buffer.subarray(0, bytesRead));
    }
    return `mcap ${sizeBytes} ${hash.digest("hex")}`;
  } finally {
    await handle.close();
  }
}
