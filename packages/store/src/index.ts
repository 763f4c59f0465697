/** Where recordings live: MCAP files. */
export type { Compression } from "./mcap/compression.ts";
export { createMcapWriter, type McapWriterOptions } from "./mcap/mcap-writer.ts";
export { type OpenOptions, openMcap } from "./mcap/open-mcap.ts";
export { openRecording } from "./open-recording.ts";
