import { stat } from "node:fs/promises";
import { type McapMessages, openMcapMessages } from "@playhead/store";
import { UsageError } from "./failure.ts";

/** A file that was begun has no more than its header before its first channel. In a longer one, channels are not found because it is damaged. */
const MOST_HEADER_BYTES = 1024;

/** Files that Playhead can make again, so that making them again may replace them. */
const OURS: Readonly<Record<"outputs of a run" | "a drive of synth", (file: McapMessages) => boolean>> = {
  // A run that was killed has not yet written of itself; its channels say which unit is behind them.
  "outputs of a run": ({ metadata, channels, sizeBytes }) =>
    has(metadata, "playhead.run") ||
    (channels.size === 0
      ? sizeBytes <= MOST_HEADER_BYTES
      : [...channels.values()].every((channel) => channel.metadata.has("playhead.unit"))),
  "a drive of synth": ({ metadata }) => has(metadata, "playhead.synth"),
};

/**
 * Sees to it that a file which is not of this kind, such as a recording, is replaced only by those who ask for it. An empty file holds nothing that could be lost.
 * @throws UsageError
 */
export async function refuseReplacingOthers(
  out: string,
  kind: keyof typeof OURS,
  force: boolean,
): Promise<void> {
  const found = force ? undefined : await stat(out).catch(() => undefined);
  if (found?.isFile() !== true || found.size === 0 || (await isOf(out, OURS[kind]))) return;
  throw new UsageError(
    `${out}: expected a new file or ${kind} to replace, found another file (--force replaces it)`,
  );
}

async function isOf(path: string, isOurs: (file: McapMessages) => boolean): Promise<boolean> {
  const file = await openMcapMessages(path).catch(() => undefined);
  try {
    return file !== undefined && isOurs(file);
  } finally {
    await file?.close();
  }
}

function has(metadata: McapMessages["metadata"], wanted: string): boolean {
  return metadata.some(({ name }) => name === wanted);
}
