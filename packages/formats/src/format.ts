import type { OpenMcap } from "./mcap/mcap-source.ts";
import type { MessageSource } from "./source.ts";

/** What formats are told by: a look at a file or folder before anything is opened. */
export interface Candidate {
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file: its size; 0 for a folder. */
  readonly sizeBytes: number;
  /** The first bytes of a file, at most `START_BYTES`; empty for a folder. */
  readonly start: Uint8Array;
  /** Names in a folder, sorted; empty for a file. */
  readonly entries: readonly string[];
}

/** A file that defines the messages of CAN buses. */
export interface DbcFile {
  readonly path: string;
  /** The one bus that it is for: its topic, the last part of that, or its number (`can.bus`); all buses without. */
  readonly bus?: string | undefined;
}

/** How a source is to be read where its content does not tell. Formats take what concerns them. */
export interface SourceOptions {
  /** Ends the opening, which reads a file through where it has no index. */
  readonly signal?: AbortSignal;
  /** Opens MCAP files, which bags of ROS 2 may consist of; without, they are refused. */
  readonly openMcap?: OpenMcap;
  /** DBC files: CAN frames are decoded by them as extra channels. */
  readonly dbc?: readonly DbcFile[];
  /** A file that says what the columns of a CSV file mean. */
  readonly csvMap?: string;
  /** Pictures or clouds per second where they carry no times. */
  readonly rateHz?: number;
  /** Which clock gives the messages their times: the recorder's (`log`, the default), or the sensors' own (`header`) where messages carry it. */
  readonly time?: "log" | "header";
}

/** A format of recordings that can be read. */
export interface SourceFormat {
  /** With its article, for sentences: `a ROS 1 bag`. */
  readonly name: string;
  /** Whether the content is of this format. Names decide only where the content cannot. */
  recognises(candidate: Candidate): boolean | Promise<boolean>;
  /** What a file or folder is that this format resembles and does not recognise, for the error where no format does: `a folder with …`. */
  nearly?(candidate: Candidate): string | undefined;
  /** Throws a RecordingError where nothing of it can be read. */
  open(path: string, options: SourceOptions): Promise<MessageSource>;
}
