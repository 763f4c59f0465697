import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import type { SourceOptions } from "../format.ts";
import { mcap } from "../mcap/mcap-source.ts";
import { type MergedPart, mergeSources } from "../merge-sources.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { withDecodedData } from "../with-decoded-data.ts";
import { type BagMetadata, readBagMetadata } from "./bag-metadata.ts";
import { bagParts, severalRecordings } from "./bag-parts.ts";
import { openSqliteBag } from "./sqlite-bag.ts";
import { decompressFile, decompressMessage } from "./zstandard.ts";

/**
 * Opens a bag of ROS 2 as a folder: its SQLite or MCAP files, in the order that its `metadata.yaml` says, or of their numbers where that is missing. Files
 * that are compressed as a whole are decompressed into a temporary folder. A file that cannot be opened is left out, which is a problem. Throws a RecordingError
 * where none can be opened, or where nothing says that the files are of one bag.
 */
export async function openBagFolder(path: string, options: SourceOptions): Promise<MessageSource> {
  const problems = new ProblemList();
  const metadata = await metadataOf(path, problems);
  const temporary = new TemporaryFolder();
  const parts: MessageSource[] = [];
  try {
    for (const file of metadata.files) {
      const part = await openPart(join(path, file), metadata, temporary, problems, options);
      if (part !== undefined) parts.push(part);
    }
    if (parts.length > 0) return new BagFolder(path, parts, metadata, temporary, problems);
    const found = problems.problems.map(({ message }) => message).join("; ");
    throw new RecordingError("damaged", {
      expected: "a bag with a file that can be read",
      found,
      where: path,
    });
  } catch (error) {
    for (const part of parts) await part.close();
    await temporary.remove();
    throw error;
  }
}

async function metadataOf(path: string, problems: ProblemList): Promise<BagMetadata> {
  try {
    return await readBagMetadata(join(path, "metadata.yaml"));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? `${path}: expected a metadata.yaml, found none` : (error as Error).message;
    const names = await readdir(path);
    const parts = bagParts(names);
    if (parts === undefined) {
      const expected = "a bag with a metadata.yaml that lists its files";
      const found = `${severalRecordings(names)}, and: ${reason}`;
      throw new RecordingError("damaged", { expected, found, where: path, cause: error });
    }
    const { files, missing } = parts;
    problems.add("no-metadata", `${reason}; the files are read in the order of their numbers`);
    if (missing.length > 0) {
      const found = `expected the files of a bag from 0 on, found none with the number ${missing.join(", ")}`;
      problems.add("incomplete", `${path}: ${found}`);
    }
    return { files, messageCount: undefined, compression: undefined, release: undefined };
  }
}

/** Undefined where it cannot be opened. */
async function openPart(
  path: string,
  { compression, release }: BagMetadata,
  temporary: TemporaryFolder,
  problems: ProblemList,
  options: SourceOptions,
): Promise<MessageSource | undefined> {
  const { signal } = options;
  try {
    let file = path;
    if (path.endsWith(".zstd")) {
      file = join(await temporary.path(), basename(path, ".zstd"));
      const damage = await decompressFile(path, file, signal);
      if (damage !== undefined)
        problems.add("damaged-file", `${path}: ${damage}; the rest of it is left out`);
    }
    const isMcap = file.endsWith(".mcap");
    const part = await (isMcap ? mcap.open(file, options) : openSqliteBag(file, { signal, release }));
    return compression === "message" ? withDecodedData(part, decompressMessage) : part;
  } catch (error) {
    signal?.throwIfAborted();
    problems.add("unreadable-file", `${path}: ${(error as Error).message}; it is left out`);
    return undefined;
  }
}

/** Made when it is first needed. */
class TemporaryFolder {
  #path: string | undefined;

  async path(): Promise<string> {
    this.#path ??= await mkdtemp(join(tmpdir(), "playhead-bag-"));
    return this.#path;
  }

  async remove(): Promise<void> {
    if (this.#path !== undefined) await rm(this.#path, { recursive: true, force: true });
  }
}

class BagFolder implements MessageSource {
  readonly format: string;
  readonly profile = "ros2";
  readonly name: string;
  readonly channels: readonly ChannelDeclaration[];
  readonly metadata = {};
  readonly #parts: readonly MergedPart[];
  readonly #said: BagMetadata;
  readonly #temporary: TemporaryFolder;
  readonly #problems: ProblemList;

  constructor(
    path: string,
    parts: readonly MessageSource[],
    said: BagMetadata,
    temporary: TemporaryFolder,
    problems: ProblemList,
  ) {
    const channels = new CommonChannels();
    this.name = basename(resolve(path));
    this.format = `ROS 2 bag (${parts.length} ${parts.length === 1 ? "file" : "files"})`;
    this.#parts = parts.map((source) => ({ source, channelOf: channels.add(source.channels) }));
    this.channels = channels.channels;
    this.#said = said;
    this.#temporary = temporary;
    this.#problems = problems;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems.problems, ...this.#parts.flatMap(({ source }) => source.problems)];
  }

  get share(): number {
    const shares = this.#parts.map(({ source }) => source.share ?? 0);
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    let count = 0;
    for await (const batch of mergeSources(this.#parts, signal)) {
      count += batch.length;
      yield batch;
    }
    const expected = this.#said.messageCount;
    if (expected !== undefined && expected !== count)
      this.#problems.add(
        "incomplete",
        `${this.name}: expected ${expected} messages, as metadata.yaml says, found ${count}`,
      );
  }

  async close(): Promise<void> {
    for (const { source } of this.#parts) await source.close();
    await this.#temporary.remove();
  }
}

/** The channels of several files: equal ones are one. */
class CommonChannels {
  readonly channels: ChannelDeclaration[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the common number of each. */
  add(channels: readonly ChannelDeclaration[]): number[] {
    return channels.map((channel) => {
      const { topic, messageEncoding, schema } = channel;
      const text = schema === undefined ? "" : Buffer.from(schema.data).toString("latin1");
      const key = JSON.stringify([topic, messageEncoding, schema?.name, schema?.encoding, text]);
      const known = this.#numbers.get(key);
      if (known !== undefined) return known;
      this.#numbers.set(key, this.channels.length);
      return this.channels.push(channel) - 1;
    });
  }
}
