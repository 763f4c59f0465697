import { join } from "node:path";
import { createMcapWriter, openMcapMessages, openPostgresStore, openRecording } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  missingServer,
  startTestServer,
  type TestServer,
} from "../packages/store/src/postgres/postgres-server.case.ts";
import { makeDrive, scratchFolder } from "./drives.ts";
import { addressIn, playheadJson as json, playhead, runJson, startPlayhead } from "./playhead.ts";

const missing = missingServer();
const SECRET = "hunter2-secret";

describe.skipIf(missing !== undefined)(
  `PostgreSQL as a store${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let folder: Awaited<ReturnType<typeof scratchFolder>>;
    let server: TestServer;
    let database: string;
    let drive: string;
    /** Of the drive, from its file. */
    let runHash: string;

    beforeAll(async () => {
      [folder, server] = await Promise.all([scratchFolder(), startTestServer()]);
      database = await server.database();
      drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 4 });
    });

    afterAll(async () => {
      await server?.stop();
      await folder?.remove();
    });

    test("a drive is ingested once, and every command reads it there", async () => {
      const first = await json(["ingest", drive, "--to", database]);
      expect(first).toMatchObject({ recording: "drive", state: "ingested", messagesBefore: 0 });
      expect(first.messages).toBeGreaterThan(1000);
      const again = await json(["ingest", drive, "--to", address("drive")]);
      expect(again).toMatchObject({ state: "there", messages: first.messages, sentBytes: 0 });
      const listed = await json(["db", "list", database]);
      expect(listed).toMatchObject([{ name: "drive", sealed: true, messageCount: first.messages }]);
      const inspected = await json(["inspect", address("drive")]);
      const file = await json(["inspect", drive]);
      expect(inspected.sensors).toEqual(file.sensors);
      const [stored, fromFile] = [await runJson([address("drive")]), await runJson([drive])];
      runHash = fromFile.runHash;
      expect(stored.runHash).toBe(runHash);
      expect(stored.inputHash).toBe(fromFile.inputHash);
      expect(stored.alerts).toEqual(fromFile.alerts);
    });

    test("a connection that is lost while replaying is made again, and the run goes on to the same hash", async () => {
      const source = await makeDrive(join(folder.path, "replayed.mcap"), { durationS: 6, seed: 5 });
      await json(["ingest", source, "--to", address("replayed")]);
      const name = new URL(database.replace("@/", "@localhost/")).pathname.slice(1);
      let ended = false;
      let lost = 0;
      const run = runJson([address("drive")]).finally(() => {
        ended = true;
      });
      while (!ended && lost < 4) {
        const killed = await server.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND application_name = 'playhead' AND query LIKE 'COPY%'`,
          [name],
        );
        lost += killed.length;
      }
      expect((await run).runHash).toBe(runHash);
      expect(lost).toBeGreaterThan(0);
    });

    test("an export has the content of its import", async () => {
      const source = join(folder.path, "odd.mcap");
      await writeOdd(source);
      await json(["ingest", source, "--to", address("odd things%2Fwith a slash")]);
      const out = join(folder.path, "exported.mcap");
      const exported = await json([
        "export",
        address("odd things%2Fwith a slash"),
        "-o",
        out,
        "--compression",
        "lz4",
      ]);
      expect(exported).toMatchObject({ recording: "odd things/with a slash", messages: 5, sealed: true });
      expect(await contentOf(out)).toEqual(await contentOf(source));
      const refused = await playhead(["export", address("odd things%2Fwith a slash"), "-o", out]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain("--force");
    });

    test("outputs of a run are compared where they lie", async () => {
      const out = join(folder.path, "results.mcap");
      await runJson([drive, "--to", "1", "--out", out]);
      await json(["ingest", out, "--to", database]);
      const stored = address("results");
      const secret = stored.replace(/^postgres:\/\/([^@/:]*)(:[^@/]*)?@/, `postgres://$1:${SECRET}@`);
      const equal = await json(["diff", out, secret]);
      expect(equal).toMatchObject({ equal: true, about: [], declared: [], problems: { a: [], b: [] } });
      expect(JSON.stringify(equal)).not.toContain(SECRET);
      const other = join(folder.path, "longer.mcap");
      await runJson([drive, "--to", "1.5", "--out", other]);
      const different = await playhead(["diff", stored, other]);
      expect(different.stdout).toMatch(/First difference\n.*\n.*\n.*\n {2}what {7}a message that only b has/);
      expect(different.exitCode).toBe(6);
    });

    test("an ingest that is killed resumes without duplicates", async () => {
      const source = join(folder.path, "long.mcap");
      const total = await writeLong(source);
      const store = openPostgresStore(database);
      let keptBefore = 0;
      for (let kill = 0; kill < 3; kill++) {
        const child = startPlayhead(["ingest", source, "--to", address("long")]);
        const ended = new Promise((resolve) => child.once("close", resolve));
        const kept = async (): Promise<number> => (await store.find("long"))?.messageCount ?? 0;
        await expect.poll(kept, { interval: 2 }).toBeGreaterThan(keptBefore);
        child.kill("SIGKILL");
        await ended;
        keptBefore = await kept();
        expect(keptBefore).toBeLessThan(total);
      }
      expect((await store.find("long"))?.sealed).toBe(false);
      const status = await json(["db", "status", database]);
      expect(status.unfinished).toMatchObject([{ name: "long" }]);
      const resumed = await json(["ingest", source, "--to", address("long")]);
      expect(resumed).toMatchObject({ state: "resumed", messages: total });
      expect(resumed.messagesBefore).toBeGreaterThanOrEqual(keptBefore);
      await store.close();
      const [stored, file] = [await openRecording(address("long")), await openRecording(source)];
      expect(await sums(stored)).toEqual(await sums(file));
      await Promise.all([stored.close(), file.close()]);
    });

    test("another file is not put in a recording's place", async () => {
      const other = await makeDrive(join(folder.path, "other.mcap"), { durationS: 1, seed: 3 });
      const ran = await playhead(["ingest", other, "--to", address("drive")]);
      expect(ran.exitCode).toBe(3);
      expect(ran.stderr).toContain("another file");
      expect(await json(["db", "delete", address("drive")])).toEqual({ recording: "drive", deleted: true });
      const again = await playhead(["db", "delete", address("drive"), "--json"]);
      expect(JSON.parse(again.stdout)).toEqual({ recording: "drive", deleted: false });
      expect(again.stderr).toMatch(/: expected a recording of the name drive, found none\n$/);
      expect(again.exitCode).toBe(3);
      expect(await json(["ingest", other, "--to", address("drive")])).toMatchObject({ state: "ingested" });
    });

    test("a database that is gone, or an address that is none, is told in one line", async () => {
      const gone = database.replace(/\/[^/?]*(\?|$)/, "/nowhere$1");
      for (const [args, said] of [
        [["run", `${address("nothing")}`], "expected a recording of that name, found none"],
        [["ingest", drive, "--to", gone], "no such database"],
        [["db", "status", "postgres://user@127.0.0.1:1/drives"], "nothing listens there"],
        [["run", database], "expected a recording's name"],
        [["db", "status", "mysql://host/x"], "expected an address such as postgres://"],
        [["db", "forget", database], "expected status, list, delete"],
      ] as const) {
        const ran = await playhead(args);
        expect(ran.stderr).toContain(said);
        expect(ran.stderr.trim().split("\n").length).toBe(1);
        expect(ran.exitCode).toBeGreaterThan(1);
      }
    });

    test("a password is never shown", async () => {
      const secret = address("drive").replace(
        /^postgres:\/\/([^@/:]*)(:[^@/]*)?@/,
        `postgres://$1:${SECRET}@`,
      );
      const broken = [
        `postgres://user:${SECRET}@127.0.0.1:1/drives/x`,
        `postgres://user:${SECRET}/more@127.0.0.1:1/drives/x`,
      ];
      for (const args of [
        ["inspect", secret],
        ["db", "status", secret, "--json"],
        ...broken.map((url) => ["export", url, "-o", join(folder.path, "x.mcap")]),
      ]) {
        const ran = await playhead([...args, "--debug"]);
        expect(`${ran.stdout}${ran.stderr}`).not.toContain(SECRET);
        expect(`${ran.stdout}${ran.stderr}`).not.toContain("This is a defect");
      }
    });

    const address = (recording: string): string => addressIn(database, recording);
  },
);

/** Schemas, metadata, times to the ns, and publish times that differ from the log times. */
async function writeOdd(path: string): Promise<void> {
  const writer = await createMcapWriter(path, { profile: "odd" });
  const schema = { name: "demo/Pair", encoding: "ros2msg", data: new TextEncoder().encode("int32 a") };
  const first = await writer.addChannel({
    topic: "/pair",
    messageEncoding: "cdr",
    schema,
    metadata: { "a'\"": "\0 ü" },
  });
  const second = await writer.addChannel({ topic: "/bytes", messageEncoding: "", schema: undefined });
  const start = 1_700_000_000_000_000_001n;
  await writer.write(first, start, 0n, new Uint8Array(0));
  await writer.write(second, start, 2n ** 64n - 1n, Uint8Array.of(0, 255, 10, 92));
  await writer.write(first, start, start - 5n, new Uint8Array(9000).fill(7));
  await writer.write(second, start + 998n, start, Uint8Array.of(1));
  await writer.write(first, start + 10n ** 15n, start, Uint8Array.of(2));
  await writer.addMetadata("about", { vehicle: "ünïcode", nothing: "" });
  await writer.close();
}

/** Long enough that it takes several transactions. Returns how many messages it has. */
async function writeLong(path: string): Promise<number> {
  const writer = await createMcapWriter(path);
  const schema = undefined;
  const small = await writer.addChannel({ topic: "/small", messageEncoding: "bytes", schema });
  const large = await writer.addChannel({ topic: "/large", messageEncoding: "bytes", schema });
  const count = 3000;
  for (let index = 0; index < count; index++) {
    const timeNs = 1_700_000_000_000_000_000n + BigInt(index >> 1) * 1_000_000n;
    const channel = index % 5 === 0 ? large : small;
    const data = new Uint8Array(channel === large ? 200_000 : 50).fill(index);
    await writer.write(channel, timeNs, timeNs, data);
  }
  await writer.close();
  return count;
}

async function contentOf(path: string): Promise<unknown> {
  const file = await openMcapMessages(path);
  const messages: unknown[] = [];
  for await (const { table, from, to } of file.messages()) {
    for (let row = from; row < to; row++) {
      const channel = file.channels.get(table.channelId[row] as number);
      const schema = file.schemas.get(channel?.schemaId ?? 0);
      const head = (table.dataOffset[row] as number) - 22;
      messages.push({
        topic: channel?.topic,
        encoding: channel?.messageEncoding,
        metadata: channel?.metadata,
        schema: schema && { name: schema.name, encoding: schema.encoding, data: [...schema.data] },
        time: [table.timeUs[row], table.remainderNs[row], table.publishTimeNs(row)],
        sequence: Buffer.from(table.records.slice(head, head + 22)).readUInt32LE(2),
        data: Buffer.from(table.data(row)).toString("base64"),
      });
    }
  }
  const { profile, metadata, problems } = file;
  await file.close();
  return { profile, metadata, problems, messages };
}

/** All readings as one line each. */
async function sums(recording: Awaited<ReturnType<typeof openRecording>>): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of recording.read()) {
    for (const { position, sequence, sensor, timeUs, raw } of batch)
      lines.push(`${position} ${sequence} ${sensor} ${timeUs} ${raw.length} ${raw[0]}`);
  }
  return lines;
}
