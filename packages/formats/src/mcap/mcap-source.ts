import { basename } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import { startsWith } from "../candidate.ts";
import type { SourceFormat, SourceOptions } from "../format.ts";
import type { MessageSource, SourceMessage } from "../source.ts";

/** What is asked of an MCAP file. The store has it; who opens sources brings it. */
export interface McapFile {
  readonly problems: readonly Problem[];
  readonly channels: readonly ChannelDeclaration[];
  readonly messageCount: number;
  /** Named sets of strings. */
  readonly metadata: readonly { readonly name: string; readonly entries: Readonly<Record<string, string>> }[];
  /** All messages in order of log time, equal times in the order of the file; `channel` is the place in `channels`. */
  messages(): AsyncIterable<readonly SourceMessage[]>;
  close(): Promise<void>;
}

export type OpenMcap = (path: string, options: { readonly signal?: AbortSignal }) => Promise<McapFile>;

/** MCAP files: read where they are part of a bag, or are converted. */
export const mcap: SourceFormat = {
  name: "an MCAP file",
  recognises: (candidate) => startsWith(candidate, "\x89MCAP0\r\n"),
  open: openMcapSource,
};

async function openMcapSource(path: string, { openMcap, signal }: SourceOptions): Promise<MessageSource> {
  if (openMcap === undefined) {
    const expected = "a file in another format than MCAP";
    throw new RecordingError("unsupported", { expected, found: "an MCAP file", where: path });
  }
  return new McapSource(basename(path), await openMcap(path, signal === undefined ? {} : { signal }));
}

class McapSource implements MessageSource {
  readonly format = "MCAP";
  readonly name: string;
  readonly metadata = {};
  readonly #file: McapFile;
  #messagesRead = 0;

  constructor(name: string, file: McapFile) {
    this.name = name;
    this.#file = file;
  }

  get channels(): readonly ChannelDeclaration[] {
    return this.#file.channels;
  }

  get namedMetadata(): McapFile["metadata"] {
    return this.#file.metadata;
  }

  get problems(): readonly Problem[] {
    return this.#file.problems;
  }

  get share(): number {
    return Math.min(1, this.#messagesRead / Math.max(1, this.#file.messageCount));
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    this.#messagesRead = 0;
    for await (const batch of this.#file.messages()) {
      signal?.throwIfAborted();
      this.#messagesRead += batch.length;
      yield batch;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
