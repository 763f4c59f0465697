import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import { afterAll, beforeAll, expect } from "vitest";
import type { SourceOptions } from "./format.ts";
import { openSource } from "./open-source.ts";
import type { SourceMessage } from "./source.ts";

/** A folder for the files of one test file. */
export function testFolder(): {
  path(name: string): string;
  file(name: string, content: Uint8Array | string): Promise<string>;
} {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "playhead-formats-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    async file(name, content) {
      await writeFile(path(name), content);
      return path(name);
    },
  };
}

export interface ReadSource {
  readonly name: string;
  readonly format: string;
  readonly channels: readonly ChannelDeclaration[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly messages: readonly SourceMessage[];
  readonly problems: readonly Problem[];
}

/** Opens a source and reads all of it; sees to it that its messages are in order and on its channels. */
export async function readSource(path: string, options: SourceOptions = {}): Promise<ReadSource> {
  const source = await openSource(path, options);
  try {
    const messages: SourceMessage[] = [];
    for await (const batch of source.messages()) {
      expect(batch.length).toBeGreaterThan(0);
      for (const message of batch) messages.push({ ...message, data: message.data.slice() });
    }
    let lastNs = -(1n << 63n);
    for (const { channel, logTimeNs } of messages) {
      expect(logTimeNs >= lastNs && source.channels[channel] !== undefined).toBe(true);
      lastNs = logTimeNs;
    }
    const { name, format, channels, metadata, problems } = source;
    return { name, format, channels, metadata, messages, problems: [...problems] };
  } finally {
    await source.close();
  }
}

/** The same for bytes that may be damaged: a RecordingError is an answer too, anything else is not. */
export async function readDamaged(
  path: string,
  options: SourceOptions = {},
): Promise<ReadSource | RecordingError> {
  try {
    return await readSource(path, options);
  } catch (error) {
    if (error instanceof RecordingError) return error;
    throw error;
  }
}

/** A copy with some bytes changed, as fast-check gives them. */
export function changedBytes(
  bytes: Uint8Array,
  changes: readonly (readonly [place: number, values: ArrayLike<number>])[],
  length = bytes.length,
): Uint8Array {
  const changed = bytes.slice(0, length);
  for (const [place, values] of changes) {
    const start = changed.length === 0 ? 0 : place % changed.length;
    for (let index = 0; index < values.length && start + index < changed.length; index++)
      changed[start + index] = values[index] as number;
  }
  return changed;
}
