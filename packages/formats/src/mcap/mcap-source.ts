import { basename } from "node:path";
import { RecordingError } from "@playhead/recording";
import { startsWith } from "../candidate.ts";
import type { SourceFormat, SourceOptions } from "../format.ts";
import type { MessageSource } from "../source.ts";
import { type RecordedMessages, recordedSource } from "./recorded-source.ts";

/** Opens an MCAP file. The store can; who opens sources brings it. */
export type OpenMcap = (
  path: string,
  options: { readonly signal?: AbortSignal },
) => Promise<RecordedMessages>;

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
  return recordedSource(basename(path), "MCAP", await openMcap(path, signal === undefined ? {} : { signal }));
}
