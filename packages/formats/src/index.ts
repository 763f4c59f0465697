/** Recordings in other formats: read message by message, to be written as a recording of ours, and chosen topics written in formats of others. */
export type { MessageSource, SourceMessage } from "./source.ts";
