/** Recordings in other formats: read message by message, to be written as a recording of ours, and chosen topics written in formats of others. */
export type { DbcFile, SourceOptions } from "./format.ts";
export { inFoxgloveSchemas } from "./foxglove/foxglove-source.ts";
export { TIME_KEY } from "./header-time/time-key.ts";
export { type ImportedChannel, type ImportOptions, type ImportSummary, importInto } from "./import.ts";
export type { OpenMcap } from "./mcap/mcap-source.ts";
export { type RecordedMessages, recordedSource } from "./mcap/recorded-source.ts";
export { insteadOfCsv, interpretSource, isInterpreted, needsImport, openSource } from "./open-source.ts";
export { selectTopics } from "./select-topics.ts";
export type { MessageSource, SourceMessage } from "./source.ts";
export { type TableFormat, type TableSummary, writeTable } from "./tables/write-table.ts";
