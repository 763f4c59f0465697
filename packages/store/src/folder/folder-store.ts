import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Recording, RecordingError } from "@playhead/recording";
import { makeFolders } from "../make-folders.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "../mcap/chunk.ts";
import type { Compression } from "../mcap/compression.ts";
import { type McapFile, type OpenOptions, openMcapFile } from "../mcap/mcap-file.ts";
import { readRest } from "../mcap/mcap-messages.ts";
import { createMcapWriter, type McapWriterOptions } from "../mcap/mcap-writer.ts";
import { openMcap } from "../mcap/open-mcap.ts";
import { resumeMcapWriter } from "../mcap/resume-mcap-writer.ts";
import { isFinished } from "../mcap/summary.ts";
import { storedSensors } from "../readings/stored-sensors.ts";
import type {
  AppendOptions,
  NamedMetadata,
  RecordingAppender,
  RecordingStore,
  StoredRecording,
} from "../recording-store.ts";
import { FileLock } from "./file-lock.ts";
import { FolderAppender } from "./folder-appender.ts";
import { readUnfinished, type UnfinishedFile } from "./unfinished-file.ts";

const EXTENSION = ".mcap";
/** What file systems have room for in a name, with its extension and that of its lock. */
const MAX_NAME_BYTES = 200;
/** Metadata of ours: what the recording was made of. */
const ORIGIN = "playhead.origin";

export interface FolderOptions extends Pick<OpenOptions, "savedIndex"> {
  /** Of recordings that are made here; `none` without. */
  readonly compression?: Compression;
}

/** Opens a folder of MCAP files as a store: each file is a recording, by its name without `.mcap`. The folder is made when something is written to it. */
export function openFolderStore(path: string, options: FolderOptions = {}): RecordingStore {
  return new FolderStore(path, options);
}

class FolderStore implements RecordingStore {
  readonly location: string;
  readonly #options: FolderOptions;

  constructor(path: string, options: FolderOptions) {
    this.location = path;
    this.#options = options;
  }

  async list(): Promise<readonly StoredRecording[]> {
    const found = await readdir(this.location).catch(nothingIfMissing);
    const names = found
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length));
    names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const recordings: StoredRecording[] = [];
    for (const name of names) {
      const recording = await this.find(name).catch(nothingIfUnreadable);
      if (recording !== undefined) recordings.push(recording);
    }
    return recordings;
  }

  async find(name: string): Promise<StoredRecording | undefined> {
    if (!(await this.#has(name))) return undefined;
    const mcap = await openMcapFile(this.#pathOf(name), this.#openOptions);
    try {
      return await describe(name, mcap);
    } finally {
      await mcap.close();
    }
  }

  async open(name: string, options: { readonly signal?: AbortSignal } = {}): Promise<Recording> {
    if (!(await this.#has(name))) {
      const [expected, found] = ["a recording of that name", "none"];
      throw new RecordingError("not-found", { expected, found, where: `${this.location}: ${name}` });
    }
    return openMcap(this.#pathOf(name), { ...this.#openOptions, ...options });
  }

  async append(name: string, options: AppendOptions = {}): Promise<RecordingAppender> {
    const path = this.#pathOf(name);
    makeFolders(this.location);
    const lock = await FileLock.take(path);
    try {
      return await this.#appender(path, lock, options);
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  async delete(name: string): Promise<boolean> {
    if (!(await this.#has(name))) return false;
    const path = this.#pathOf(name);
    const lock = await FileLock.take(path);
    try {
      await rm(path);
      return true;
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {}

  get #openOptions(): OpenOptions {
    const { savedIndex } = this.#options;
    return savedIndex === undefined ? {} : { savedIndex };
  }

  async #appender(path: string, lock: FileLock, options: AppendOptions): Promise<FolderAppender> {
    const { compression = "none" } = this.#options;
    const { profile = "", origin } = options;
    const left = await this.#unfinished(path);
    const leftOrigin = originOf(left?.metadata ?? []);
    if (left !== undefined && origin !== undefined && leftOrigin !== origin) {
      throw new RecordingError("conflict", {
        expected: `a recording of ${origin}`,
        found: leftOrigin === undefined ? "one whose origin is not known" : `one of ${leftOrigin}`,
        where: path,
      });
    }
    if (left !== undefined && left.messages > 0) return resume(path, lock, left);
    const writer = await createMcapWriter(path, { compression, profile });
    if (origin !== undefined) await writer.addMetadata(ORIGIN, { origin });
    return new FolderAppender(path, writer, lock, [], 0);
  }

  /** Undefined where there is no file yet. Throws where it is finished. */
  async #unfinished(path: string): Promise<UnfinishedFile | undefined> {
    if (!(await exists(path))) return undefined;
    const mcap = await openMcapFile(path, this.#openOptions);
    try {
      if (!(await isFinished(mcap.file))) return await readUnfinished(mcap.file, DEFAULT_MAX_CHUNK_BYTES);
    } finally {
      await mcap.close();
    }
    const [expected, found] = ["a recording that is not finished", "a finished one"];
    throw new RecordingError("sealed", { expected, found, where: path });
  }

  async #has(name: string): Promise<boolean> {
    return isName(name) && (await exists(this.#pathOf(name)));
  }

  #pathOf(name: string): string {
    if (isName(name)) return join(this.location, `${name}${EXTENSION}`);
    throw new RecordingError("invalid-argument", {
      expected: `a name that a file can have, of at most ${MAX_NAME_BYTES} bytes`,
      found: JSON.stringify(name.slice(0, 100)),
      where: this.location,
    });
  }
}

function isName(name: string): boolean {
  return (
    name !== "" && !name.startsWith(".") && !/[/\\\0]/.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES
  );
}

/** Goes on behind all messages that are there. What stands behind them, the writer would undo: it is written again. */
async function resume(path: string, lock: FileLock, left: UnfinishedFile): Promise<FolderAppender> {
  const { profile, compression, messages, channels } = left;
  const options: McapWriterOptions = { profile, compression };
  const writer = await resumeMcapWriter(path, { ...options, keep: messages });
  for (const channel of channels) await writer.addChannel(channel);
  for (const { name, entries } of left.lastMetadata) await writer.addMetadata(name, entries);
  return new FolderAppender(path, writer, lock, channels, messages);
}

async function describe(name: string, mcap: McapFile): Promise<StoredRecording> {
  const { file, ranges } = mcap;
  const sealed = await isFinished(file);
  const { metadata } = sealed
    ? await readRest(file, mcap.problems)
    : await readUnfinished(file, DEFAULT_MAX_CHUNK_BYTES);
  const spans = [...ranges.values()];
  const [firstUs, lastUs] = [spans.map(({ first }) => first.timeUs), spans.map(({ last }) => last.timeUs)];
  return {
    name,
    sealed,
    messageCount: spans.reduce((sum, { count }) => sum + count, 0),
    startUs: firstUs.reduce((a, b) => Math.min(a, b), firstUs[0] ?? 0),
    endUs: lastUs.reduce((a, b) => Math.max(a, b), 0),
    sensors: storedSensors(mcap.sensors, ranges),
    metadata: metadata.filter((entry) => entry.name !== ORIGIN),
    origin: originOf(metadata),
  };
}

function originOf(metadata: readonly NamedMetadata[]): string | undefined {
  return metadata.find(({ name }) => name === ORIGIN)?.entries.origin;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function nothingIfMissing(cause: NodeJS.ErrnoException): string[] {
  if (cause.code === "ENOENT") return [];
  throw cause;
}

/** A file that is no recording is none of the store's. */
function nothingIfUnreadable(cause: unknown): undefined {
  if (cause instanceof RecordingError) return undefined;
  throw cause;
}
