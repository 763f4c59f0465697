import type { SourceFormat } from "./format.ts";
import { rosbag1 } from "./rosbag1/open-rosbag1.ts";
import { rosbag2Sqlite } from "./rosbag2/open-rosbag2.ts";

/**
 * Every format that can be read. The first that recognises a file or folder opens it: those with a signature come first, then folders,
 * then texts, from the most particular to the least.
 */
export const FORMATS: readonly SourceFormat[] = [rosbag1, rosbag2Sqlite];
