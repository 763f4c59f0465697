import { basename } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import { startsWith } from "../candidate.ts";
import type { SourceFormat, SourceOptions } from "../format.ts";
import { mergeSegments } from "../merge-segments.ts";
import { ProblemList } from "../problem-list.ts";
import type { Segment } from "../segment.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { BagFile } from "./bag-file.ts";
import { type BagIndex, type ChunkPlace, contentOf, findChunks } from "./bag-index.ts";
import { readChunkContent } from "./chunk.ts";
import { MAGIC, RecordError } from "./record.ts";

/** Bags of ROS 1, version 2.0: plain, or with chunks in LZ4 or bzip2. */
export const rosbag1: SourceFormat = {
  name: "a ROS 1 bag",
  recognises: (candidate) => startsWith(candidate, "#ROSBAG V"),
  open: openRosbag1,
};

async function openRosbag1(path: string, { signal }: SourceOptions): Promise<MessageSource> {
  const bag = await BagFile.open(path);
  try {
    await checkMagic(bag);
    const problems = new ProblemList();
    return new Rosbag1(bag, await findChunks(bag, problems, signal), problems);
  } catch (error) {
    await bag.file.close();
    if (!(error instanceof RecordError)) throw error;
    const where = `${path}, byte ${error.offset}`;
    throw new RecordingError("damaged", {
      expected: "a ROS 1 bag that can be read",
      found: error.message,
      where,
      cause: error,
    });
  }
}

async function checkMagic(bag: BagFile): Promise<void> {
  const start = Buffer.from(await bag.file.readUpTo(0, MAGIC.length)).toString("latin1");
  if (start === MAGIC) return;
  throw new RecordingError("unsupported", {
    expected: `a bag of version 2.0 (older ones: rosbag migrate)`,
    found: JSON.stringify(start),
    where: bag.file.path,
  });
}

class Rosbag1 implements MessageSource {
  readonly format = "ROS 1 bag";
  readonly profile = "ros1";
  readonly name: string;
  readonly channels: readonly ChannelDeclaration[];
  readonly metadata = {};
  readonly #bag: BagFile;
  readonly #index: BagIndex;
  readonly #problems: ProblemList;
  #chunksRead = 0;

  constructor(bag: BagFile, index: BagIndex, problems: ProblemList) {
    this.#bag = bag;
    this.#index = index;
    this.#problems = problems;
    this.name = basename(bag.file.path);
    this.channels = [...index.connections.channels];
  }

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  get share(): number {
    return Math.min(1, this.#chunksRead / Math.max(1, this.#index.chunks.length));
  }

  messages(signal?: AbortSignal): AsyncIterable<readonly SourceMessage[]> {
    this.#chunksRead = 0;
    const segments = this.#index.chunks.map((chunk) => this.#segment(chunk));
    return mergeSegments(segments, this.#problems, signal);
  }

  async close(): Promise<void> {
    await this.#bag.file.close();
  }

  #segment(chunk: ChunkPlace): Segment {
    const { firstNs, lastNs } = chunk;
    return { firstNs, lastNs, read: () => this.#read(chunk) };
  }

  /** The messages of a chunk; what of it is damaged becomes a problem. */
  async #read({ offset, messages: expected }: ChunkPlace): Promise<readonly SourceMessage[]> {
    this.#chunksRead++;
    const where = `${this.#bag.file.path}, chunk at byte ${offset}`;
    try {
      const content = await contentOf(this.#bag, await this.#bag.head(offset));
      const { messages, unknown, damage } = readChunkContent(content, this.#index.connections);
      if (damage !== undefined) {
        const lost = expected - messages.length;
        const reason = `${damage.message} at byte ${damage.offset} of its content`;
        this.#problems.add(
          "damaged-chunk",
          `${where}: ${reason}; ${lost > 0 ? messagesAre(lost, "of it") : "the rest of it is"} left out`,
        );
      }
      if (unknown > 0) {
        const message = `expected connections that the bag defines, found others; ${messagesAre(unknown, "of those")} left out`;
        this.#problems.add("unknown-channel", `${where}: ${message}`);
      }
      return messages.filter(({ channel }) => channel < this.channels.length);
    } catch (error) {
      if (error instanceof RecordingError) throw error;
      const lost = expected > 0 ? messagesAre(expected, "of it") : "it is";
      this.#problems.add("damaged-chunk", `${where}: ${(error as Error).message}; ${lost} left out`);
      return [];
    }
  }
}

/** `3 messages of it are`, `1 message of it is`. */
function messagesAre(count: number, of: string): string {
  return count === 1 ? `1 message ${of} is` : `${count} messages ${of} are`;
}
