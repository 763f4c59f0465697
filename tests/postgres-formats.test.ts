import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  missingServer,
  startTestServer,
  type TestServer,
} from "../packages/store/src/postgres/postgres-server.case.ts";
import { scratchFolder } from "./drives.ts";
import { addressIn, playheadJson as json, playhead, runJson } from "./playhead.ts";

const missing = missingServer();
const LOG_S = 1_700_000_000;
/** The sensors' clock is a day behind. */
const STAMP_S = LOG_S - 86_400;
const DBC = `VERSION ""
BO_ 16 SPEED: 8 ECU
 SG_ speed : 0|16@1+ (0.5,0) [0|0] "m/s" X
`;

describe.skipIf(missing !== undefined)(
  `other formats and PostgreSQL${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let folder: Awaited<ReturnType<typeof scratchFolder>>;
    let server: TestServer;
    let database: string;
    /** Positions with stamps of another clock, every second one in the wrong order, as JSON. */
    let drive: string;
    let candump: string;
    let dbc: string;

    beforeAll(async () => {
      [folder, server] = await Promise.all([scratchFolder(), startTestServer()]);
      database = await server.database();
      [drive, candump, dbc] = ["drive.mcap", "bus.log", "car.dbc"].map((name) => join(folder.path, name)) as [
        string,
        string,
        string,
      ];
      await writeDrive(drive);
      const frames = Array.from({ length: 50 }, (_, index) => {
        const value = index.toString(16).padStart(2, "0");
        return `(${LOG_S}.${String(index * 1000).padStart(6, "0")}) can0 ${index % 2 === 0 ? "010" : "7FF"}#${value}00000000000000`;
      });
      await writeFile(candump, `${frames.join("\n")}\n`);
      await writeFile(dbc, DBC);
      await json(["ingest", drive, "--to", address("drive")]);
    });

    afterAll(async () => {
      await server?.stop();
      await folder?.remove();
    });

    test("a file in another format is ingested as what it would be imported into, once", async () => {
      const options = ["--dbc", dbc, "--to", database];
      const first = await json(["ingest", candump, ...options]);
      expect(first).toMatchObject({ recording: "bus", state: "ingested", messages: 75, problems: [] });
      expect(await json(["ingest", candump, ...options])).toMatchObject({ state: "there", sentBytes: 0 });
      const stored = await json(["inspect", address("bus")]);
      expect(stored.sensors).toEqual((await json(["inspect", candump, "--dbc", dbc])).sensors);
      expect(stored.sensors.map(({ name }: { name: string }) => name)).toContain("/can/can0/SPEED");
      const other = await playhead(["ingest", candump, "--to", address("bus")]);
      expect(other.exitCode).toBe(3);
      expect(other.stderr).toContain("another file");
    });

    test("frames of a recording in a database are decoded as those of a file are", async () => {
      await json(["ingest", candump, "--to", address("frames")]);
      const decoded = await json(["inspect", address("frames"), "--dbc", dbc]);
      expect(decoded.sensors).toEqual((await json(["inspect", candump, "--dbc", dbc])).sensors);
      const options = ["--topics", "/can/can0/SPEED", "--dbc", dbc, "-o"];
      const [ofFile, ofStore] = [join(folder.path, "file.csv"), join(folder.path, "store.csv")];
      await json(["table", candump, ...options, ofFile]);
      expect(await json(["table", address("frames"), ...options, ofStore])).toMatchObject({ rows: 25 });
      expect(await readFile(ofStore, "utf8")).toBe(await readFile(ofFile, "utf8"));
      expect(await readFile(ofStore, "utf8")).toContain(`${LOG_S}002000000,1\r\n`);
    });

    test("a recording in a database is replayed by its sensors' clock", async () => {
      const inspected = await json(["inspect", address("drive"), "--time", "header"]);
      expect(inspected).toMatchObject({ time: "header", startUs: STAMP_S * 1e6 });
      const [stored, ofFile] = [address("drive"), drive].map((given) => runJson([given, "--time", "header"]));
      expect((await stored)?.inputHash).toBe((await ofFile)?.inputHash);
      expect((await stored)?.runHash).toBe((await ofFile)?.runHash);
    });

    test("a recording in a database is converted and imported as a file is", async () => {
      const written: Buffer[] = [];
      for (const [name, args] of [
        ["converted-store", ["convert", address("drive"), "--topics", "/gps"]],
        ["converted-file", ["convert", drive, "--topics", "/gps"]],
      ] as const) {
        const out = join(folder.path, `${name}.csv`);
        const mcap = join(folder.path, `${name}.mcap`);
        expect(await json([...args, "-o", mcap])).toMatchObject({ messages: 10, problems: [] });
        await json(["table", mcap, "-o", out]);
        written.push(await readFile(out));
      }
      expect(written[0]).toEqual(written[1]);
      const imported = join(folder.path, "imported.mcap");
      const summary = await json(["import", address("drive"), "--time", "header", "-o", imported]);
      expect(summary).toMatchObject({ format: "PostgreSQL", time: "header", messages: 20 });
      const refused = await playhead(["convert", address("drive"), "--topics", "/nothing", "-o", imported]);
      expect(refused.stderr).toContain("--force");
    });

    test("what is no recording's address is refused, and not shown with its password", async () => {
      for (const [args, said] of [
        [["table", database, "-o", "x.csv"], "expected a recording's name behind the database's"],
        [
          ["convert", address("none"), "-o", join(folder.path, "x.mcap")],
          "expected a recording of that name",
        ],
        [["ingest", address("drive"), "--to", database], "expected a file or folder, found an address"],
        [["import", "https://me:hunter2@host/x", "-o", "x.mcap"], "found an address of https"],
      ] as const) {
        const ran = await playhead(args);
        expect(ran.stderr).toContain(said);
        expect(ran.stderr).not.toContain("hunter2");
        expect(ran.exitCode).toBeGreaterThan(1);
      }
    });

    const address = (recording: string): string => addressIn(database, recording);
  },
);

async function writeDrive(path: string): Promise<void> {
  const writer = await createMcapWriter(path);
  const channel = (topic: string, name: string) => ({
    ...{ topic, messageEncoding: "json" },
    schema: { name, encoding: "jsonschema", data: new Uint8Array() },
  });
  const fix = await writer.addChannel(channel("/gps", "foxglove.LocationFix"));
  const speed = await writer.addChannel(channel("/speed", "Speed"));
  for (let count = 0; count < 10; count++) {
    const logNs = BigInt(LOG_S + count) * 1_000_000_000n;
    const position = { timestamp: { sec: STAMP_S + (count ^ 1), nsec: 5 }, frame_id: "gps", latitude: count };
    await writer.write(fix, logNs, logNs, Buffer.from(JSON.stringify({ ...position, longitude: 8 })));
    await writer.write(speed, logNs, logNs, Buffer.from(JSON.stringify({ count })));
  }
  await writer.close();
}
