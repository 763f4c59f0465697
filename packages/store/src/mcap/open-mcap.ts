import type { Recording } from "@playhead/recording";
import { ReadingSource } from "../readings/reading-source.ts";
import { describeSensors } from "../readings/sensor-description.ts";
import { type OpenOptions, openMcapFile } from "./mcap-file.ts";
import { McapRecording } from "./mcap-recording.ts";

/**
 * Opens an MCAP file. Its time line is the log time: when the recorder received each message. It is the one time that every message of every
 * encoding has, it is what the file is indexed by, and messages reached a running system in its order. The sensor's own clock is in the
 * reading's metadata (`stamp_us`) where the message has a header.
 *
 * A file without a usable index, such as one whose writer was interrupted, is read through once to make one, up to the damage; the problems say
 * what is lost. Throws a RecordingError where the file cannot be read or is no MCAP file.
 */
export async function openMcap(path: string, options: OpenOptions = {}): Promise<Recording> {
  const mcap = await openMcapFile(path, options);
  try {
    const { problems } = mcap;
    const first = (handle: number) => mcap.firstMessage(handle);
    const { sensors, converters } = await describeSensors(mcap.sensors, mcap.ranges, first, problems);
    return new McapRecording(mcap, new ReadingSource(sensors, mcap.handles, converters, problems));
  } catch (error) {
    await mcap.close();
    throw error;
  }
}
