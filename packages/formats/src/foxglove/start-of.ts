import type { MessageSource, SourceMessage } from "../source.ts";

/** What is not there in so many messages, or so long from the start, is not waited for. */
const SEARCHED_MESSAGES = 20_000;
const SEARCHED_NS = 10_000_000_000n;

/** The messages at a recording's start. */
export async function* startOf(source: MessageSource, signal?: AbortSignal): AsyncGenerator<SourceMessage> {
  let left = SEARCHED_MESSAGES;
  let endNs: bigint | undefined;
  for await (const batch of source.messages(signal)) {
    for (const message of batch) {
      endNs ??= message.logTimeNs + SEARCHED_NS;
      if (left-- === 0 || message.logTimeNs > endNs) return;
      yield message;
    }
  }
}
