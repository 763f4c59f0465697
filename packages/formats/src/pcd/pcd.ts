import { basename, join, resolve } from "node:path";
import { lookAt } from "../candidate.ts";
import type { Candidate, SourceFormat, SourceOptions } from "../format.ts";
import { ItemSource, type TimedItem } from "../items/item-source.ts";
import { itemTimes, nameTimeNs, topicPart } from "../items/item-times.ts";
import { readItem } from "../items/read-item.ts";
import { ProblemList } from "../problem-list.ts";
import { POINT_CLOUD, pointCloudMessage } from "../ros2/point-cloud.ts";
import type { MessageSource } from "../source.ts";
import { type PcdField, readPcdHeader } from "./pcd-header.ts";
import { readPcdPoints } from "./pcd-points.ts";

/** A cloud of the Point Cloud Library, or a folder of them: as text, plain, or compressed. */
export const pcd: SourceFormat = {
  name: "a PCD cloud or a folder of them",
  recognises: (candidate) => (candidate.isFolder ? candidate.entries.some(isCloud) : isPcd(candidate)),
  open: openPcd,
};

function isCloud(name: string): boolean {
  return /\.pcd$/i.test(name) && !name.startsWith(".");
}

/** Comments may stand before the first line that counts. */
function isPcd({ start }: Candidate): boolean {
  const text = Buffer.from(start.subarray(0, 4096)).toString("latin1");
  return (
    /^(?:\s*#[^\n]*\n)*\s*(?:VERSION\s+\.?[\d.]+|FIELDS\s+x\b)[^\n]*\n/.test(text) && /\bFIELDS\b/.test(text)
  );
}

async function openPcd(path: string, { rateHz }: SourceOptions): Promise<MessageSource> {
  const { isFolder, entries } = await lookAt(path);
  const name = basename(resolve(path));
  const frameId = topicPart(name);
  const files: readonly (readonly [place: string, timeNs: bigint])[] = isFolder
    ? itemTimes(entries.filter(isCloud), rateHz, path).map(([file, timeNs]) => [join(path, file), timeNs])
    : [[path, nameTimeNs(name) ?? 0n]];
  const items = files.map(
    ([where, timeNs]): TimedItem => ({
      ...{ channel: 0, timeNs, where },
      read: async () => cloudOf(await readItem(where), timeNs, frameId),
    }),
  );
  return new ItemSource(items, {
    name,
    format: isFolder ? "folder of PCD clouds" : "PCD cloud",
    channels: [POINT_CLOUD.channel(`/lidar/${frameId}/points`)],
    problems: new ProblemList(),
  });
}

function cloudOf(bytes: Uint8Array, timeNs: bigint, frameId: string): Uint8Array {
  const header = readPcdHeader(bytes);
  const { width, height, pointBytes } = header;
  const fields = header.fields.flatMap((field) => {
    const datatype = DATATYPES[`${field.type}${field.sizeBytes}`];
    const { name, offset, count } = field satisfies PcdField;
    // Padding, and whole numbers of 64 bit, which messages do not have.
    return name === "_" || datatype === undefined ? [] : [{ name, offset, datatype, count }];
  });
  return pointCloudMessage(timeNs, frameId, {
    width,
    height,
    fields,
    pointBytes,
    data: readPcdPoints(bytes, header),
  });
}

/** Of sensor_msgs/PointField. */
const DATATYPES: Readonly<Record<string, number>> = {
  I1: 1,
  U1: 2,
  I2: 3,
  U2: 4,
  I4: 5,
  U4: 6,
  F4: 7,
  F8: 8,
};
