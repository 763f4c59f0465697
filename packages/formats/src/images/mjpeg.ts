import { basename } from "node:path";
import { RecordingError } from "@playhead/recording";
import { startsWith } from "../candidate.ts";
import { FileBytes } from "../file-bytes.ts";
import type { Candidate, SourceFormat, SourceOptions } from "../format.ts";
import { ItemSource, type TimedItem } from "../items/item-source.ts";
import { rateTimeNs, topicPart } from "../items/item-times.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { imageChannel, imageMessage } from "./compressed-image.ts";
import { findPictures } from "./jpeg-places.ts";

/** JPEG pictures one behind the other, as cameras stream them, with or without the headers of HTTP between them. */
export const mjpeg: SourceFormat = {
  name: "an MJPEG stream",
  recognises: (candidate) => startsWith(candidate, "\xff\xd8\xff") || isMultipart(candidate),
  open: openMjpeg,
};

function isMultipart({ start }: Candidate): boolean {
  const text = Buffer.from(start.subarray(0, 1024)).toString("latin1");
  return /^\s*--[^\r\n]+\r?\n(?:[^\r\n]+\r?\n)*?content-type:\s*image\/jpeg/i.test(text);
}

async function openMjpeg(path: string, { rateHz, signal }: SourceOptions): Promise<MessageSource> {
  if (rateHz === undefined) {
    const expected = "the rate of its pictures (--rate): the stream has no times";
    throw new RecordingError("invalid-argument", { expected, found: "none", where: path });
  }
  const file = await FileBytes.open(path);
  try {
    const problems = new ProblemList();
    const places = await findPictures(file, problems, signal);
    if (places.length === 0) {
      const found = problems.problems[0]?.message ?? "none";
      throw new RecordingError("damaged", { expected: "a whole JPEG picture", found, where: path });
    }
    const name = topicPart(basename(path));
    const items = places.map(({ offset, length }, index): TimedItem => {
      const timeNs = rateTimeNs(index, rateHz);
      const read = async () => imageMessage(await file.readUpTo(offset, length), timeNs, name);
      return { channel: 0, timeNs, where: `${path}, byte ${offset}`, read };
    });
    return new ItemSource(items, {
      name: basename(path),
      format: "MJPEG stream",
      channels: [imageChannel(`/camera/${name}/compressed`)],
      problems,
      close: () => file.close(),
    });
  } catch (error) {
    await file.close();
    throw error;
  }
}
