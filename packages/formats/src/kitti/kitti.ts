import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type ChannelDeclaration, RecordingError } from "@playhead/recording";
import type { Candidate, SourceFormat } from "../format.ts";
import { ItemSource, type TimedItem } from "../items/item-source.ts";
import { readItem } from "../items/read-item.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { type Calibration, readCalibration } from "./calibration.ts";
import { sensorFolders } from "./sensor-folders.ts";
import { readTimestamps } from "./timestamps.ts";

const SENSOR_FOLDER = /^(image_\d{2}|velodyne_points|oxts)$/;
const DRIVE_FOLDER = /_drive_\d{4}_/;

/** A drive of KITTI's raw data, synced or not; or the folder of its day, where that has one drive. */
export const kitti: SourceFormat = {
  name: "a drive of KITTI's raw data",
  recognises: ({ isFolder, entries }) => isFolder && (isDrive(entries) || isDay(entries)),
  open: openKitti,
};

function isDrive(entries: readonly string[]): boolean {
  return entries.some((entry) => SENSOR_FOLDER.test(entry));
}

function isDay(entries: Candidate["entries"]): boolean {
  return entries.filter((entry) => DRIVE_FOLDER.test(entry)).length === 1;
}

async function openKitti(path: string): Promise<MessageSource> {
  const problems = new ProblemList();
  const drive = await driveIn(resolve(path));
  const name = basename(drive);
  const calibration = await readCalibration([drive, dirname(drive)], !name.endsWith("_extract"), problems);
  const channels: ChannelDeclaration[] = [];
  const items: TimedItem[] = [];
  for (const entry of (await readdir(drive)).sort()) {
    if (SENSOR_FOLDER.test(entry))
      await addSensor(join(drive, entry), calibration, channels, items, problems);
  }
  if (items.length === 0) {
    const found = problems.problems.at(-1)?.message ?? "none";
    throw new RecordingError("damaged", { expected: "data with timestamps", found, where: path });
  }
  return new ItemSource(items, { name, format: "KITTI raw data", channels, problems });
}

async function driveIn(path: string): Promise<string> {
  const entries = await readdir(path);
  const drive = isDrive(entries) ? undefined : entries.find((entry) => DRIVE_FOLDER.test(entry));
  return drive === undefined ? path : join(path, drive);
}

/** File 0000000012 was measured at the time in line 12, counted from 0: files may be missing. */
async function addSensor(
  folder: string,
  calibration: Calibration,
  channels: ChannelDeclaration[],
  items: TimedItem[],
  problems: ProblemList,
): Promise<void> {
  const times = await timesOf(folder, problems);
  const files = await readdir(join(folder, "data")).catch(() => []);
  const kinds = sensorFolders(basename(folder), calibration);
  const first = channels.length;
  const read = readerOfLast();
  for (const file of files.sort()) {
    const number = /^(\d{1,10})\.(png|jpe?g|bin|txt)$/i.exec(file)?.[1];
    if (number === undefined) continue;
    const where = join(folder, "data", file);
    const timeNs = times[Number(number)];
    if (timeNs === undefined) {
      problems.add(
        "no-time",
        `${where}: expected a time in line ${Number(number) + 1} of timestamps.txt, found none; it is left out`,
      );
      continue;
    }
    for (const [index, { message }] of kinds.entries())
      items.push({
        channel: first + index,
        timeNs,
        where,
        read: async () => message(await read(where), timeNs, where),
      });
  }
  if (items.some(({ channel }) => channel >= first)) channels.push(...kinds.map(({ channel }) => channel));
}

/** Reads files, the same one again only when another was read between: each of a file's messages asks for it, one after the other. */
function readerOfLast(): (path: string) => Promise<Uint8Array> {
  let last: { readonly path: string; readonly bytes: Promise<Uint8Array> } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, bytes: readItem(path) };
    return last.bytes;
  };
}

/** Enough for a day at 100 Hz. */
const MOST_TIMES_BYTES = 512 * 1024 * 1024;

async function timesOf(folder: string, problems: ProblemList): Promise<readonly (bigint | undefined)[]> {
  const where = join(folder, "timestamps.txt");
  try {
    return readTimestamps(Buffer.from(await readItem(where, MOST_TIMES_BYTES)).toString("latin1"));
  } catch (error) {
    problems.add("no-time", `${where}: ${(error as Error).message}; the sensor is left out`);
    return [];
  }
}
