import { basename, join, resolve } from "node:path";
import { lookAt } from "../candidate.ts";
import type { SourceFormat, SourceOptions } from "../format.ts";
import { ItemSource, type TimedItem } from "../items/item-source.ts";
import { itemTimes, topicPart } from "../items/item-times.ts";
import { readItem } from "../items/read-item.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { imageChannel, imageMessage } from "./compressed-image.ts";

/** Folders of JPEG or PNG pictures. */
export const imageFolder: SourceFormat = {
  name: "a folder of pictures",
  recognises: ({ isFolder, entries }) => isFolder && entries.some(isPicture),
  open: openImageFolder,
};

function isPicture(name: string): boolean {
  return /\.(jpe?g|png)$/i.test(name) && !name.startsWith(".");
}

async function openImageFolder(path: string, { rateHz }: SourceOptions): Promise<MessageSource> {
  const { entries } = await lookAt(path);
  const name = topicPart(basename(resolve(path)));
  const items = itemTimes(entries.filter(isPicture), rateHz, path).map(([file, timeNs]): TimedItem => {
    const where = join(path, file);
    return { channel: 0, timeNs, where, read: async () => imageMessage(await readItem(where), timeNs, name) };
  });
  return new ItemSource(items, {
    name: basename(resolve(path)),
    format: "folder of pictures",
    channels: [imageChannel(`/camera/${name}/compressed`)],
    problems: new ProblemList(),
  });
}
