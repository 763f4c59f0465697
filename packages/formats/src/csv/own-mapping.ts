import { basename } from "node:path";
import { RecordingError } from "@playhead/recording";
import { topicPart } from "../items/item-times.ts";
import type { CsvMapping, TimeUnit } from "./mapping.ts";

/** `time_ns`, `timestamp (ms)`, `t[us]`: the unit is a word of the name. */
const TIME_NAME = /^(?:.*[^a-z])?(?:time|timestamp|stamp|t)[ _.]*[([]?(ns|us|µs|ms|s|sec|seconds)[)\]]?$/i;

const UNITS: Readonly<Record<string, TimeUnit>> = {
  ...{ ns: "ns", us: "us", µs: "us", ms: "ms", s: "s", sec: "s", seconds: "s" },
};

/** What a file's columns mean where no mapping says it: a time, and all the rest as JSON. Throws a RecordingError where no column is such a time. */
export function ownMapping(heading: readonly string[], path: string): CsvMapping {
  for (const column of heading) {
    const unit = UNITS[(TIME_NAME.exec(column)?.[1] ?? "").toLowerCase()];
    if (unit === undefined) continue;
    const topic = `/${topicPart(basename(path))}`;
    const only = {
      topic,
      kind: "json",
      frame: "",
      time: { column, unit },
      where: undefined,
      fields: undefined,
    } as const;
    const topics = [{ ...only, metadata: {} }];
    return { delimiter: undefined, hasHeading: true, comment: "#", startNs: 0n, topics };
  }
  throw new RecordingError("invalid-argument", {
    expected: "a mapping of its columns (--csv-map), or a column such as time_s or time_ns",
    found: heading.slice(0, 20).join(", ").slice(0, 200),
    where: path,
  });
}
