import { startsWith } from "../candidate.ts";
import type { SourceFormat } from "../format.ts";
import { MAGIC } from "./sqlite/pages.ts";
import { openSqliteBag } from "./sqlite-bag.ts";

/** A single SQLite file of a ROS 2 bag. */
export const rosbag2Sqlite: SourceFormat = {
  name: "an SQLite file of a ROS 2 bag",
  recognises: (candidate) => startsWith(candidate, MAGIC),
  open: (path, { signal }) => openSqliteBag(path, { signal }),
};
