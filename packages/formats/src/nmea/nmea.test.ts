import { readFile } from "node:fs/promises";
import { createMessageConverter, RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharedData } from "../shared-data.case.ts";
import { changedBytes, type ReadSource, readDamaged, readSource, testFolder } from "../source.case.ts";

const folder = testFolder();

function sentence(content: string): string {
  const sum = Buffer.from(content).reduce((before, byte) => before ^ byte, 0);
  return `$${content}*${sum.toString(16).padStart(2, "0").toUpperCase()}\r\n`;
}

interface Moment {
  readonly time: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly status: number;
  readonly motion: Readonly<Record<string, number>>;
}

/** What the messages of each moment say, positions through their canonical payload. */
function momentsOf({ channels, messages }: ReadSource): Moment[] {
  const fix = channels.findIndex(({ topic }) => topic === "/gps/fix");
  const motion = channels.findIndex(({ topic }) => topic === "/gps/motion");
  const converter = createMessageConverter(channels[fix] as (typeof channels)[number]);
  const motions = messages.filter(({ channel }) => channel === motion);
  return messages
    .filter(({ channel }) => channel === fix)
    .map(({ data, logTimeNs }, index) => {
      const payload = converter.convert(data);
      if (!(payload instanceof Uint8Array)) throw new Error("expected a position");
      const view = new DataView(payload.buffer, payload.byteOffset);
      const [latitude, longitude, altitude, horizontal, vertical] = [0, 8, 16, 24, 32].map((at) =>
        view.getFloat64(at, true),
      ) as [number, number, number, number, number];
      return {
        time: new Date(Number(logTimeNs / 1_000_000n)).toISOString(),
        ...{ latitude, longitude, altitude, horizontal, vertical },
        status: view.getInt32(40, true),
        motion: JSON.parse(Buffer.from(motions[index]?.data ?? []).toString()),
      };
    });
}

describe("NMEA 0183", () => {
  const GGA = sentence("GPGGA,235959.50,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,");
  const RMC = sentence("GPRMC,235959.50,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W");

  test("gathers sentences of one moment into a position and a motion", async () => {
    const text =
      GGA + RMC + sentence("GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1") + sentence("GPHDT,123.4,T");
    const [moment, ...rest] = momentsOf(await readSource(await folder.file("one", text)));
    expect(rest).toEqual([]);
    expect(moment).toMatchObject({
      time: "1994-03-23T23:59:59.500Z",
      latitude: 48 + 7.038 / 60,
      longitude: 11 + 31 / 60,
      altitude: 545.4 + 46.9,
      status: 0,
      motion: {
        mode: 3,
        track: 84.4,
        heading: 123.4,
        magnetic_variation: -3.1,
        satellites_used: 8,
        pdop: 2.5,
      },
    });
    expect(moment?.motion.speed).toBeCloseTo((22.4 * 1852) / 3600, 9);
    expect(moment?.horizontal).toBeCloseTo((1.3 * 5) / Math.SQRT2, 9);
    expect(moment?.vertical).toBeCloseTo(2.1 * 5, 9);
  });

  test("takes deviations from GST, and RTK for a fix with corrections of the ground", async () => {
    const text =
      sentence("GNGGA,120000,4807.038,N,01131.000,W,4,08,0.9,545.4,M,-46.9,M,,") +
      sentence("GNGST,120000,1,2,3,4,0.3,0.4,0.7") +
      sentence("GNZDA,120000,01,02,2024,00,00");
    const [moment] = momentsOf(await readSource(await folder.file("gst", text)));
    expect(moment).toMatchObject({ time: "2024-02-01T12:00:00.000Z", longitude: -(11 + 31 / 60), status: 2 });
    expect(moment?.horizontal).toBeCloseTo(Math.sqrt((0.3 ** 2 + 0.4 ** 2) / 2), 12);
    expect(moment?.vertical).toBeCloseTo(0.7, 12);
  });

  test("goes on past midnight, also before a sentence has said the date", async () => {
    const gga = (time: string): string =>
      sentence(`GPGGA,${time},4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,`);
    const rmc = sentence("GPRMC,000001,A,4807.038,N,01131.000,E,022.4,084.4,010300,,");
    const moments = momentsOf(
      await readSource(
        await folder.file("night", gga("235959") + gga("000000") + gga("000001") + rmc + gga("000002")),
      ),
    );
    expect(moments.map(({ time }) => time)).toEqual([
      "2000-02-29T23:59:59.000Z",
      "2000-03-01T00:00:00.000Z",
      "2000-03-01T00:00:01.000Z",
      "2000-03-01T00:00:02.000Z",
    ]);
  });

  test("says that there is no fix, and no date", async () => {
    const source = await readSource(await folder.file("none", sentence("GPGGA,000001,,,,,0,00,99.99,,,,,,")));
    expect(momentsOf(source)).toMatchObject([
      { time: "1970-01-01T00:00:01.000Z", status: -1, latitude: Number.NaN, motion: { mode: 1 } },
    ]);
    expect(source.problems).toMatchObject([{ code: "no-date" }]);
  });

  test("reads u-blox's own position", async () => {
    const text =
      sentence(
        "PUBX,00,081350.00,4717.113210,N,00833.915187,E,546.589,G3,2.1,2.0,36,77.52,0.007,,0.92,1.19,0.77,9,0,0",
      ) + sentence("PUBX,04,081350.00,091202,113851.00,1196,15D,1930035,-2660.664,43");
    const [moment] = momentsOf(await readSource(await folder.file("ubx", text)));
    expect(moment).toMatchObject({
      time: "2002-12-09T08:13:50.000Z",
      altitude: 546.589,
      status: 0,
      vertical: 2,
    });
    expect(moment?.motion).toMatchObject({ mode: 3, speed: 10, track: 77.52, climb: -0.007 });
  });

  test("names lines with wrong checksums or fields", async () => {
    const text = `# log\n${GGA.replace("545", "546")}${sentence("GPGGA,99,1,2,3,4,5")}${RMC}!AIVDM,1,1,,A,x,0*00\n1585 123 ${GGA}`;
    const { messages, problems } = await readSource(await folder.file("wrong", text));
    expect(messages).toHaveLength(2);
    expect(problems.map(({ message }) => message.replace(/^.*\//, ""))).toEqual([
      expect.stringMatching(/^wrong, line 2: expected checksum .., found/),
      'wrong, line 3: expected a time such as 132819.60, found "99"; it is left out',
      "wrong: sentences of type AIVDM are not read; there are 1",
    ]);
  });

  test("counts sentences of types that it does not read, once for each type", async () => {
    const moment = (index: number): string =>
      [
        `GPRMC,12000${index}.00,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W`,
        ...["GNGBS,1,2,3", "GPGBS,1,2,3", "PMTK001,1,2", "PUBX,03,1", "PUBX,04,120000.00,230394,1,2,3"],
      ]
        .map(sentence)
        .join("");
    const path = await folder.file("types", moment(0) + moment(1) + moment(2));
    const { messages, problems } = await readSource(path);
    expect(messages).toHaveLength(6);
    expect(problems.map(({ code, message }) => `${code} ${message.replace(/^.*types: /, "")}`)).toEqual([
      "unknown-sentence sentences of type GBS are not read; there are 6",
      "unknown-sentence sentences of type PMTK001 are not read; there are 3",
      "unknown-sentence sentences of type PUBX,03 are not read; there are 3",
    ]);
    const many = Array.from({ length: 40 }, (_, index) => sentence(`PABC${index},1`)).join("");
    const found = (await readSource(await folder.file("many", GGA + RMC + many))).problems;
    expect(found).toHaveLength(33);
    expect(found[32]?.message).toMatch(/: 8 sentences of more types are not read$/);
  });

  test("names lines that are no sentences by their numbers, the first ten, and counts them all", async () => {
    const lost = GGA.slice(1);
    const few = await readSource(await folder.file("few", `${GGA}\r\n  \n${lost}{"class":"TPV"}\n${RMC}`));
    expect(few.problems.map(({ code, message }) => `${code} ${message.replace(/^.*\//, "")}`)).toEqual([
      expect.stringMatching(
        /^malformed-line few, line 4: expected a sentence that begins with \$, found "GPGGA/,
      ),
      `malformed-line few, line 5: expected a sentence that begins with $, found "{\\"class\\":\\"TPV\\"}"; it is left out`,
    ]);
    const moments = Array.from({ length: 5000 }, () => `${GGA}${RMC}${lost}`).join("");
    const { problems, messages } = await readSource(await folder.file("lost", moments));
    expect(messages).toHaveLength(2);
    expect(problems).toHaveLength(11);
    expect(problems[10]?.message).toMatch(
      /found 5000 lines that do not; the first 10 are listed, all are left out$/,
    );
  });

  test("tells a file with sentences that begins with something else what it is", async () => {
    const other = "pose;x;y\n".repeat(60);
    await expect(readSource(await folder.file("other", other + GGA))).rejects.toMatchObject({
      code: "unknown-format",
      found:
        'a file with NMEA sentences (the first in line 61) among more that is none; it begins with "pose;x;y\\npose;x;"',
    });
    const header = `time,lat,lon\n${"1,2,3\n".repeat(60)}`;
    await expect(readSource(await folder.file("some.csv", header + GGA))).rejects.toThrow(
      /the first in line 62\)/,
    );
    await expect(readSource(await folder.file("other.csv", header))).rejects.toThrow(/expected a mapping/);
    const wrong = GGA.replace("545", "546");
    const binary = Buffer.concat([Buffer.from([0xb5, 0x62, 0, 0, 10]), Buffer.from(wrong + GGA, "latin1")]);
    await expect(readSource(await folder.file("binary", binary))).rejects.toThrow(/the first in line 3\)/);
    await expect(
      readSource(await folder.file("wrong", Buffer.concat([binary.subarray(0, 5), Buffer.from(wrong)]))),
    ).rejects.toThrow(/found a file that begins with/);
  });

  test("reads GNS, where several systems say one position", async () => {
    const text =
      sentence("GNGNS,014035.00,4332.69262,S,17235.48549,E,RN,13,0.9,25.63,11.24,,") +
      sentence("GPGNS,014035.00,,,,,,8,,,,1.0,23") +
      sentence("GNGNS,014036.00,4332.69262,S,17235.48549,E,DA,13,0.9,25.63,11.24,,,V") +
      sentence("GNGNS,014037.00,,,,,NN,00,99.9,,,,") +
      sentence("GNGGA,014038.00,4332.00000,S,17235.00000,E,1,08,1.5,20.0,M,10.0,M,,") +
      sentence("GNGNS,014038.00,4332.69262,S,17235.48549,E,F,13,0.9,25.63,11.24,,");
    const { messages, channels, problems, ...rest } = await readSource(await folder.file("gns", text));
    const moments = momentsOf({ messages, channels, problems, ...rest });
    expect(moments).toMatchObject([
      { latitude: -(43 + 32.69262 / 60), longitude: 172 + 35.48549 / 60, altitude: 25.63 + 11.24, status: 2 },
      { status: 1, motion: { quality: 2, mode: 3, satellites_used: 13, hdop: 0.9, altitude_msl: 25.63 } },
      { status: -1, motion: { quality: 0, mode: 1 } },
      { status: 0, latitude: -(43 + 32 / 60), altitude: 30, motion: { quality: 1, satellites_used: 8 } },
    ]);
    expect(moments[0]?.motion).toMatchObject({ quality: 4, satellites_used: 13 });
    expect(problems).toMatchObject([{ code: "no-date" }]);
  });

  test("gives problems or an error for damaged logs, whatever the damage", async () => {
    const bytes = Buffer.from(`${GGA}${RMC}${sentence("GPGSV,1,1,01,05,01,047,33")}`.repeat(4));
    const change = fc.tuple(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        const found = await readDamaged(await folder.file("fuzz", changedBytes(bytes, changes)));
        if (!(found instanceof RecordingError)) expect(found.messages.length).toBeGreaterThan(0);
      }),
      { numRuns: 80, seed: 9 },
    );
  });
});

/** What gpsd says last of a moment. */
interface Report {
  readonly time: string;
  readonly mode: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly altHAE?: number;
  readonly speed?: number;
  readonly track?: number;
}

async function reportsOf(path: string): Promise<Map<string, Report>> {
  const reports = new Map<string, Report>();
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (!line.startsWith('{"class":"TPV"')) continue;
    const report = JSON.parse(line) as Report;
    if (report.time !== undefined) reports.set(report.time, report);
  }
  return reports;
}

const reports = sharedData("nmea/nmea-rtk.log.chk");

test.skipIf(reports === undefined)("what gpsd writes between the sentences is told", async () => {
  const { problems } = await readSource(reports ?? "");
  expect(problems).toHaveLength(11);
  expect(problems[0]?.message).toMatch(/chk, line 2: expected a sentence that begins with \$, found "{/);
  expect(problems[10]?.message).toMatch(/found 366 lines that do not; the first 10 are listed/);
});

describe.each(["nmea-rtk", "ublox-neo-m9n-nmea"])("%s agrees with gpsd", (name) => {
  const log = sharedData(`nmea/${name}.log`);
  test.skipIf(log === undefined)("in time, position, altitude, speed, track and mode", async () => {
    const reports = await reportsOf(`${log}.chk`);
    const source = await readSource(log ?? "");
    const moments = momentsOf(source);
    const found = source.problems.map(({ message }) => message.replace(/^.*log: /, ""));
    expect(found).toEqual(name === "nmea-rtk" ? [] : ["sentences of type GBS are not read; there are 61"]);
    expect(moments.map(({ time }) => time)).toEqual([...reports.keys()]);
    for (const { time, latitude, longitude, altitude, motion } of moments) {
      const report = reports.get(time) as Report;
      // gpsd rounds what it prints: 1e-9 degrees, 0.1 mm, 1 mm/s, 0.0001 degrees.
      expect(Math.abs(latitude - (report.lat as number)), time).toBeLessThan(1e-9);
      expect(Math.abs(longitude - (report.lon as number)), time).toBeLessThan(1e-9);
      expect(Math.abs(altitude - (report.altHAE as number)), time).toBeLessThan(1e-4);
      expect(Math.abs((motion.speed as number) - (report.speed as number)), time).toBeLessThan(6e-4);
      expect(motion.mode, time).toBe(report.mode);
      if (report.track === undefined) expect(motion.track, time).toBeUndefined();
      else expect(Math.abs((motion.track as number) - report.track), time).toBeLessThan(1e-4);
    }
  });
});
