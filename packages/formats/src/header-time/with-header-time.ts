import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import { type HeaderTimeOptions, HeaderTimeSource } from "./header-time-source.ts";
import { StampReader } from "./stamp-reader.ts";
import { TIME_KEY } from "./time-key.ts";

/** How far is searched for the first stamps, and how many of them say where the header clock is. */
const SEARCHED_MESSAGES = 20_000;
const COMPARED_STAMPS = 1_001;

/**
 * The same recording by the clock of its sensors: each message has the stamp of its header as its log time, its former log time as its publish
 * time, and the order is that of the new times. What has no stamp keeps its place between its neighbours (see HeaderClock). A bounded part of the recording is held for
 * that: what comes later than the window allows is a problem `late-message` and has the time that was reached. A recording without stamps stays as
 * it is, which is a problem `no-stamps`; so does one that is by this clock already. Closing it closes the source.
 */
export async function withHeaderTime(
  source: MessageSource,
  signal?: AbortSignal,
  options: HeaderTimeOptions = {},
): Promise<MessageSource> {
  if (source.channels.some(({ metadata }) => metadata?.[TIME_KEY] === "header")) return source;
  const offsetNs = await firstOffset(source, signal);
  if (offsetNs !== undefined) return new HeaderTimeSource(source, offsetNs, options);
  const problems = new ProblemList();
  const expected = `expected messages with the time of their sensor, found none among the first ${SEARCHED_MESSAGES}`;
  problems.add("no-stamps", `${source.name}: ${expected}; the log times are kept`);
  return new WrappedSource(source, () => (message) => message, source.channels, problems);
}

/** By how far the first stamps lie from the log times, ns: the median, which single wrong ones do not move. */
async function firstOffset(
  source: MessageSource,
  signal: AbortSignal | undefined,
): Promise<bigint | undefined> {
  const readers = source.channels.map((channel) => new StampReader(channel));
  const offsets: bigint[] = [];
  let searched = 0;
  search: for await (const batch of source.messages(signal)) {
    for (const { channel, logTimeNs, data } of batch) {
      const stampNs = readers[channel]?.stampNs(data);
      if (stampNs !== undefined) offsets.push(stampNs - logTimeNs);
      if (++searched >= SEARCHED_MESSAGES || offsets.length >= COMPARED_STAMPS) break search;
    }
  }
  offsets.sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  return offsets[Math.floor(offsets.length / 2)];
}
