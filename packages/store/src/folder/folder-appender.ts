import { type ChannelDeclaration, GREATEST_TIME_US, RecordingError } from "@playhead/recording";
import type { McapWriter } from "../mcap/mcap-writer.ts";
import type { RecordedMessage, RecordingAppender } from "../recording-store.ts";
import type { FileLock } from "./file-lock.ts";

const GREATEST_TIME_NS = BigInt(GREATEST_TIME_US) * 1000n + 999n;

/** Writes one file of a folder. */
export class FolderAppender implements RecordingAppender {
  readonly #path: string;
  readonly #writer: McapWriter;
  readonly #lock: FileLock;
  readonly #channels: ChannelDeclaration[];
  #messages: number;
  #keptMessages: number;
  #failure: unknown;
  #isClosed = false;

  /** `channels` are declared already, and `messages` are there. */
  constructor(
    path: string,
    writer: McapWriter,
    lock: FileLock,
    channels: readonly ChannelDeclaration[],
    messages: number,
  ) {
    this.#path = path;
    this.#writer = writer;
    this.#lock = lock;
    this.#channels = [...channels];
    this.#messages = messages;
    this.#keptMessages = messages;
  }

  get channels(): readonly ChannelDeclaration[] {
    return this.#channels;
  }

  get keptMessages(): number {
    return this.#keptMessages;
  }

  addChannel(channel: ChannelDeclaration): Promise<number> {
    return this.#run(async () => {
      const id = await this.#writer.addChannel(channel);
      this.#channels.push(channel);
      return id;
    });
  }

  append(messages: readonly RecordedMessage[]): Promise<void> {
    return this.#run(async () => {
      for (const { channel, logTimeNs, publishTimeNs, data, sequence } of messages) {
        if (logTimeNs < 0n || logTimeNs > GREATEST_TIME_NS) throw this.#badTime(logTimeNs);
        await this.#writer.write(channel, logTimeNs, publishTimeNs, data, sequence);
        this.#messages++;
      }
    });
  }

  addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void> {
    return this.#run(() => this.#writer.addMetadata(name, entries));
  }

  flush(): Promise<void> {
    return this.#run(async () => {
      await this.#writer.flush();
      this.#keptMessages = this.#messages;
    });
  }

  seal(): Promise<void> {
    return this.#run(async () => {
      this.#isClosed = true;
      try {
        await this.#writer.close();
      } finally {
        await this.#lock.release();
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#writer.abandon();
    await this.#lock.release();
  }

  /** After a failure nothing more is taken. */
  async #run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed) {
      const [expected, found] = ["an open writer", "a closed one"];
      throw new RecordingError("closed", { expected, found, where: this.#path });
    }
    try {
      return await action();
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    }
  }

  #badTime(found: bigint): RecordingError {
    return new RecordingError("invalid-argument", {
      expected: `a log time from 0 to ${GREATEST_TIME_NS} ns`,
      found: `${found}`,
      where: this.#path,
    });
  }
}
