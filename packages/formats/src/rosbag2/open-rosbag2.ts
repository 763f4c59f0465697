import { startsWith } from "../candidate.ts";
import type { SourceFormat } from "../format.ts";
import { openBagFolder } from "./bag-folder.ts";
import { bagParts, isBagFile, severalRecordings } from "./bag-parts.ts";
import { MAGIC } from "./sqlite/pages.ts";
import { openSqliteBag } from "./sqlite-bag.ts";

/** A single SQLite file of a ROS 2 bag. */
export const rosbag2Sqlite: SourceFormat = {
  name: "an SQLite file of a ROS 2 bag",
  recognises: (candidate) => startsWith(candidate, MAGIC),
  open: (path, { signal }) => openSqliteBag(path, { signal }),
};

/**
 * A bag of ROS 2 as it is recorded: a folder with its files and a `metadata.yaml`, which the last moment of recording writes. Without that, the names of the
 * files must be those of one bag.
 */
export const rosbag2Folder: SourceFormat = {
  name: "a folder of a ROS 2 bag",
  recognises: ({ entries }) =>
    bagParts(entries) !== undefined || (entries.includes("metadata.yaml") && entries.some(isBagFile)),
  nearly: ({ entries }) => (entries.some(isBagFile) ? severalRecordings(entries) : undefined),
  open: openBagFolder,
};
