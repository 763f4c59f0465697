import { createMessageConverter, RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharedData } from "../shared-data.case.ts";
import { changedBytes, type ReadSource, readDamaged, readSource, testFolder } from "../source.case.ts";
import { parseMapping } from "./mapping.ts";

const folder = testFolder();

async function read(text: string, mapping?: string, name = "log.csv"): Promise<ReadSource> {
  const path = await folder.file(name, text);
  return readSource(path, mapping === undefined ? {} : { csvMap: await folder.file("map.yaml", mapping) });
}

function rowsOf({
  channels,
  messages,
}: ReadSource): (readonly [topic: string, timeNs: bigint, values: unknown])[] {
  return messages.map(({ channel, logTimeNs, data }) => {
    const declaration = channels[channel] as (typeof channels)[number];
    if (declaration.messageEncoding === "json")
      return [declaration.topic, logTimeNs, JSON.parse(Buffer.from(data).toString())];
    const converter = createMessageConverter(declaration, data);
    const payload = converter.convert(data);
    if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
    const bytes = payload.slice().buffer;
    const isFloat = converter.kind === "radar" || converter.kind === "ultrasonic";
    const numbers = isFloat ? new Float32Array(bytes) : new Float64Array(bytes);
    return [declaration.topic, logTimeNs, [converter.kind, ...numbers]];
  });
}

describe("a CSV file", () => {
  test("that names a time with its unit needs no mapping", async () => {
    const source = await read('time_ms,speed,note\n1.5,3,"a, ""b"""\n1000,9007199254740993,x\n');
    expect(rowsOf(source)).toEqual([
      ["/log", 1_500_000n, { speed: 3, note: 'a, "b"' }],
      ["/log", 1_000_000_000n, { speed: "9007199254740993", note: "x" }],
    ]);
  });

  test.each([
    ["semicolons", "t [us];größe\n5;1\n", 5_000n],
    ["tabs", "a\ttimestamp(s)\tgröße\n\t0.25\t1\r\n", 250_000_000n],
    ["a mark of its encoding", "\uFEFFtime_ns,größe\n7,1\n", 7n],
  ])("may have %s", async (_, text, timeNs) => {
    expect(rowsOf(await read(text))).toEqual([["/log", timeNs, { größe: 1 }]]);
  });

  test("says that it needs a mapping otherwise", async () => {
    await expect(read("a,b\n1,2\n")).rejects.toThrow(
      /expected a mapping of its columns \(--csv-map\), or a column such as time_s or time_ns, found a, b/,
    );
  });

  test("becomes readings of sensors by a mapping", async () => {
    const mapping = `
time: { column: when, unit: s }
start: 2024-01-01T00:00:00Z
topics:
  - { topic: /imu, kind: imu, fields: { acceleration.x: ax, acceleration.y: ay, acceleration.z: { column: az, scale: 9.81 } } }
  - { topic: /gps, kind: gps, fields: { latitude: lat, longitude: 6, horizontal_deviation: { column: lat, scale: 0, offset: 2 } } }
  - { topic: /sonar, kind: range, fields: { range: ax, max_range: az }, metadata: { mount.x: 1.5 } }
  - { topic: /state, fields: { mode: mode } }
`;
    const source = await read("when,ax,ay,az,lat,lon,mode\n1e-3,1,2,1,48,11,auto\n", mapping);
    const timeNs = BigInt(Date.UTC(2024, 0, 1)) * 1_000_000n + 1_000_000n;
    const nothing = Array.from({ length: 7 }, () => Number.NaN);
    expect(rowsOf(source).slice(0, 2)).toEqual([
      ["/imu", timeNs, ["imu", 1, 2, 9.81, ...nothing]],
      ["/gps", timeNs, ["gps", 48, 11, Number.NaN, 2, Number.NaN, 0]],
    ]);
    expect(rowsOf(source)[2]).toEqual(["/sonar", timeNs, ["ultrasonic", 1, 0, 1, Number.NaN]]);
    expect(rowsOf(source)[3]).toEqual(["/state", timeNs, { mode: "auto" }]);
    expect(source.channels[2]?.metadata).toEqual({ "mount.x": "1.5" });
  });

  test("may be in any order, with quoted line ends; lines that fit nothing are named", async () => {
    const source = await read('time_s,a\n3,1\n2,"x\ny"\nlater,3\n1,2\n2,"open\n');
    expect(rowsOf(source)).toEqual([
      ["/log", 1_000_000_000n, { a: 2 }],
      ["/log", 2_000_000_000n, { a: "x\ny" }],
      ["/log", 3_000_000_000n, { a: 1 }],
    ]);
    expect(source.problems.map(({ message }) => message.replace(/^.*\//, ""))).toEqual([
      expect.stringMatching(/^log.csv, line 5: expected a time in s, found "later"/),
      expect.stringMatching(/^log.csv, line 7: expected cells, quoted where they have quotes/),
    ]);
  });

  test("of any damage gives problems or an error", async () => {
    const bytes = Buffer.from(`time_s,a,b\n${'1.5,"x ""y""",3\n2,z,4\n'.repeat(10)}`);
    const change = fc.tuple(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.nat(bytes.length), async (changes, length) => {
        const found = await readDamaged(await folder.file("fuzz.csv", changedBytes(bytes, changes, length)));
        if (!(found instanceof RecordingError)) expect(found.messages.length).toBeGreaterThan(0);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe("a mapping", () => {
  const topics = "topics: [{ topic: /a, time: { column: t, unit: s } }]";

  test.each([
    ["topics: []", "map, topics: expected a list of 1 to 1000, found []"],
    [`${topics}\nfoo: 1`, "map: expected one of delimiter, header, comment, start, time, topics, found foo"],
    [
      topics.replace("unit: s", "unit: h"),
      "map, topics[0].time.unit: expected s, ms, us, ns or iso, found h",
    ],
    [
      topics.replace("/a,", "/a, kind: lidar,"),
      "map, topics[0].kind: expected one of json, imu, gps, range, radar, found lidar",
    ],
    [
      topics.replace("/a,", "/a, kind: imu, fields: { rate.x: 1 },"),
      'map, topics[0].fields: expected a column for acceleration.x, found ["rate.x"]',
    ],
    [
      topics.replace("column: t", "column: 0"),
      "map, topics[0].time.column: expected a column's name, or its number from 1, found 0",
    ],
    [`${topics}\nstart: soon`, "map, start: expected a time such as 2026-01-31T12:00:00Z, found soon"],
    ["a: [", "map: expected YAML or JSON"],
  ])("%s is refused with its place", (text, message) => {
    expect(() => parseMapping(text, "map")).toThrow(message);
  });

  test("that names a column which is not there is refused", async () => {
    await expect(read("a,b\n1,2\n", "topics: [{ topic: /x, time: { column: c, unit: s } }]")).rejects.toThrow(
      /map.yaml: expected one of the file's columns \(a, b\), found "c"/,
    );
  });
});

const ekf = sharedData("ekf/obj_pose-laser-radar-synthetic-input.txt");

/** Rows of two kinds, told by their first column, with the true state behind the measurement. */
const EKF_MAPPING = `
delimiter: "\\t"
header: false
topics:
  - topic: /lidar/position
    where: { column: 1, equals: L }
    time: { column: 4, unit: us }
    fields: { x: 2, y: 3 }
  - topic: /radar/front
    kind: radar
    where: { column: 1, equals: R }
    time: { column: 5, unit: us }
    fields: { range: 2, azimuth: 3, range_rate: 4 }
  - topic: /reference/lidar
    where: { column: 1, equals: L }
    time: { column: 4, unit: us }
    fields: { x: 5, y: 6, vx: 7, vy: 8 }
    metadata: { playhead.role: reference }
  - topic: /reference/radar
    where: { column: 1, equals: R }
    time: { column: 5, unit: us }
    fields: { x: 6, y: 7, vx: 8, vy: 9 }
    metadata: { playhead.role: reference }
`;

test.skipIf(ekf === undefined)(
  "real measurements of lidar and radar in one file become channels by a mapping",
  async () => {
    const source = await readSource(ekf ?? "", { csvMap: await folder.file("ekf.yaml", EKF_MAPPING) });
    expect(source.problems).toEqual([]);
    const rows = rowsOf(source);
    const count = (topic: string): number => rows.filter(([name]) => name === topic).length;
    expect(["/lidar/position", "/radar/front", "/reference/lidar", "/reference/radar"].map(count)).toEqual([
      250, 250, 250, 250,
    ]);
    expect(rows.slice(0, 4)).toEqual([
      ["/lidar/position", 1477010443000000000n, { x: 0.3122427, y: 0.5803398 }],
      ["/reference/lidar", 1477010443000000000n, { x: 0.6, y: 0.6, vx: 5.199937, vy: 0 }],
      [
        "/radar/front",
        1477010443050000000n,
        ["radar", ...Float32Array.of(1.014892, 0.5543292, 0, 4.892807), Number.NaN],
      ],
      ["/reference/radar", 1477010443050000000n, expect.anything()],
    ]);
  },
);
