/** Where recordings live: MCAP files, folders of them, PostgreSQL. */
export { type FolderOptions, openFolderStore } from "./folder/folder-store.ts";
export { makeFolders } from "./make-folders.ts";
export { cacheFolder } from "./mcap/cache-folder.ts";
export type { Compression } from "./mcap/compression.ts";
export type { OpenOptions } from "./mcap/mcap-file.ts";
export { type McapMessages, openMcapMessages } from "./mcap/mcap-messages.ts";
export { createMcapWriter, type McapWriter, type McapWriterOptions } from "./mcap/mcap-writer.ts";
export { openMcap } from "./mcap/open-mcap.ts";
export { countWrittenMessages, type ResumeMcapOptions, resumeMcapWriter } from "./mcap/resume-mcap-writer.ts";
export { openRecording } from "./open-recording.ts";
export { type ExportOptions, type ExportSummary, exportMcap } from "./postgres/export.ts";
export { type IngestOptions, type IngestSummary, ingestMcap } from "./postgres/ingest.ts";
export { declarationsOf, messagesOf } from "./postgres/mcap-source.ts";
export { openPostgresStore, type PostgresOptions, type PostgresStore } from "./postgres/postgres-store.ts";
export { isPostgresUrl, maskPassword, parsePostgresUrl } from "./postgres/postgres-url.ts";
export type { StoreStatus } from "./postgres/status.ts";
export type {
  AppendOptions,
  NamedMetadata,
  RecordedMessage,
  RecordingAppender,
  RecordingStore,
  StoredRecording,
  StoredSensor,
} from "./recording-store.ts";
