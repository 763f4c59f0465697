import { vectorAsc } from "./can/asc.ts";
import { candumpLog } from "./can/candump.ts";
import { candumpConsole } from "./can/candump-console.ts";
import { gvret } from "./can/gvret.ts";
import { csv } from "./csv/csv.ts";
import type { SourceFormat } from "./format.ts";
import { imageFolder } from "./images/image-folder.ts";
import { mjpeg } from "./images/mjpeg.ts";
import { kitti } from "./kitti/kitti.ts";
import { mcap } from "./mcap/mcap-source.ts";
import { nmea } from "./nmea/nmea.ts";
import { pcd } from "./pcd/pcd.ts";
import { rosbag1 } from "./rosbag1/open-rosbag1.ts";
import { rosbag2Folder, rosbag2Sqlite } from "./rosbag2/open-rosbag2.ts";

/**
 * Every format that can be read. The first that recognises a file or folder opens it: those with a signature come first, then folders,
 * then texts, from the most particular to the least.
 */
export const FORMATS: readonly SourceFormat[] = [
  rosbag1,
  rosbag2Sqlite,
  mcap,
  rosbag2Folder,
  mjpeg,
  kitti,
  imageFolder,
  pcd,
  vectorAsc,
  gvret,
  candumpLog,
  candumpConsole,
  nmea,
  csv,
];
