import { setTimeout } from "node:timers/promises";
import { RecordingError } from "@playhead/recording";
import { handlesOfChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import { ProblemLog } from "../readings/problem-log.ts";
import { CheckedSegments } from "./checked-segments.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import type { FileBytes } from "./file-bytes.ts";
import { GrowingGroups } from "./growing-groups.ts";
import { firstMessageIn, type McapFile, type OpenOptions } from "./mcap-file.ts";
import { MAGIC } from "./records.ts";
import { Scan } from "./scan.ts";
import { SegmentLoader } from "./segment-loader.ts";
import { DirectSegments } from "./segment-reader.ts";

/** How often a file that grows is looked at, ms. */
const LOOK_EVERY_MS = 50;

/** Reads of a file that grows are not ahead of what there is. */
class FollowedSegments extends DirectSegments {
  override readonly credits = { calls: 1, bytes: 0, togetherBytes: 0 };
}

/** Waits until a file has as many bytes as MCAP files begin with: a recorder may have made it and not written yet. */
export async function untilBegun(file: FileBytes, { signal, onWait }: OpenOptions): Promise<void> {
  if (file.sizeBytes < MAGIC.length) onWait?.();
  while (file.sizeBytes < MAGIC.length) await grown(file, signal);
}

/** Looks at a file again after a while. Throws the signal's reason. */
async function grown(file: FileBytes, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  await file.refresh();
}

/**
 * Opens a file that is still being written, once it has a first message, and `followAfterUs`. Its sensors are those that it has then; messages of channels that come later are
 * left out, and a problem says so. It ends with the file's footer; a writer that is killed writes none, so `signal` ends the following too.
 */
export async function followMcapFile(file: FileBytes, options: OpenOptions): Promise<McapFile> {
  const { maxChunkBytes = DEFAULT_MAX_CHUNK_BYTES, followAfterUs = 0, signal, onWait } = options;
  await compressionReady();
  const problems = new ProblemLog();
  const groups = new GrowingGroups(problems);
  const scan = new Scan(file, groups, problems, maxChunkBytes);
  let ended = await scan.advance(signal);
  const isEnough = (): boolean => ended || (groups.earlyUs ?? -1) >= followAfterUs;
  if (!isEnough()) onWait?.();
  while (!isEnough()) {
    await grown(file, signal);
    ended = await scan.advance(signal);
  }
  const sensors = sensorsOfChannels(scan);
  const handles = handlesOfChannels(sensors);
  groups.begin(handles, sensors.length);
  const reader = new FollowedSegments(file, maxChunkBytes);
  const loader = new SegmentLoader(file.path, problems, reader, new CheckedSegments(0));
  const ending = new AbortController();
  if (ended) groups.finish();
  const following = ended ? undefined : follow(file, scan, groups, ending.signal, signal);
  return {
    file,
    problems,
    groups,
    loader,
    sensors,
    handles,
    ranges: groups.ranges,
    schemas: scan.schemas,
    channels: scan.channels,
    isGrowing: () => !groups.isFinished,
    firstMessage: (handle) => firstMessageIn({ groups, loader, sensors, handles }, handle, ending.signal),
    async close() {
      ending.abort();
      await following;
      await loader.close();
      await file.close();
    },
  };
}

/** Takes up what the file grows by, until it is finished, closed, or `signal` says so. */
async function follow(
  file: FileBytes,
  scan: Scan,
  groups: GrowingGroups,
  closed: AbortSignal,
  signal: AbortSignal | undefined,
): Promise<void> {
  const either = signal === undefined ? closed : AbortSignal.any([closed, signal]);
  try {
    for (;;) {
      await file.refresh();
      const ended = await scan.advance(either);
      if (ended) break;
      groups.wake();
      await setTimeout(LOOK_EVERY_MS, undefined, { signal: either, ref: true });
    }
    groups.finish();
  } catch (cause) {
    if (!closed.aborted) return groups.finish(signal?.aborted === true ? undefined : cause);
    const [expected, found] = ["an open recording", "a closed one"];
    groups.finish(new RecordingError("closed", { expected, found, where: file.path }));
  }
}
