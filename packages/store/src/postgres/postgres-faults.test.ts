import { type ChannelDeclaration, RecordingError } from "@playhead/recording";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { collect, summary } from "../recording.case.ts";
import type { RecordedMessage } from "../recording-store.ts";
import { Client } from "./pg-client.ts";
import { missingServer, startTestServer, type TestServer } from "./postgres-server.case.ts";
import { openPostgresStore, type PostgresStore } from "./postgres-store.ts";

const missing = missingServer();
const START_NS = 1_700_000_000_000_000_000n;
const MS = 1_000_000n;

describe.skipIf(missing !== undefined)(
  `PostgreSQL${missing === undefined ? "" : ` (${missing})`}: when`,
  () => {
    let server: TestServer;
    let url: string;
    let store: PostgresStore;
    let names = 0;
    let name: string;

    beforeAll(async () => {
      server = await startTestServer();
      url = await server.database();
      store = openPostgresStore(url);
    });
    afterAll(async () => {
      await store?.close();
      await server?.stop();
    });
    beforeEach(() => {
      name = `recording ${++names}`;
    });

    async function keep(
      messages: readonly RecordedMessage[],
      channels: readonly ChannelDeclaration[] = [BYTES],
    ): Promise<void> {
      const appender = await store.append(name);
      for (const channel of channels) await appender.addChannel(channel);
      await appender.append(messages);
      await appender.seal();
    }

    /** Ends the connections that do what a pattern says. Returns how many. */
    async function terminate(pattern: string): Promise<number> {
      const rows = await server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND application_name = 'playhead' AND query LIKE $2`,
        [databaseOf(url), pattern],
      );
      return rows.length;
    }

    test("connections are lost while reading, the next goes on behind the last message", async () => {
      const messages = many(4000);
      await keep(messages);
      const recording = await store.open(name);
      const expected = (await collect(recording)).map(summary);
      expect(expected.length).toBe(4000);
      const lines: string[] = [];
      let lost = 0;
      for await (const batch of recording.read()) {
        lines.push(...batch.map(summary));
        lost += await terminate("COPY%");
      }
      expect(lost).toBeGreaterThan(1);
      expect(lines).toEqual(expected);
      await terminate("%");
      const latest = await recording.latestAtOrBefore(recording.endUs);
      expect(summary([...latest.values()][0] as Parameters<typeof summary>[0])).toBe(expected.at(-1));
      await recording.close();
    });

    test("the database is gone, reading ends in a clear error", async () => {
      const other = await server.database();
      const otherStore = openPostgresStore(other, { retryDelaysMs: [1, 1] });
      const appender = await otherStore.append("lost");
      await appender.addChannel(BYTES);
      await appender.append(many(4000));
      await appender.seal();
      const recording = await otherStore.open("lost");
      const reading = (async () => {
        for await (const _ of recording.read())
          await server.query(`DROP DATABASE IF EXISTS ${databaseOf(other)} WITH (FORCE)`);
      })();
      await expect(reading).rejects.toMatchObject({ name: "RecordingError", code: "unreachable" });
      await recording.close();
      await otherStore.close();
    });

    test("the server drops a connection that is kept for later, nobody notices", async () => {
      await keep(many(10));
      await terminate("%");
      expect((await store.find(name))?.messageCount).toBe(10);
      await terminate("%");
      expect((await store.list()).length).toBeGreaterThan(0);
    });

    test("a reader holds a recording's tables, deleting it is refused after a while", async () => {
      await keep(many(10));
      const reader = new Client({ connectionString: url });
      await reader.connect();
      await reader.query("BEGIN; LOCK TABLE playhead.reading IN SHARE MODE");
      await expect(store.delete(name)).rejects.toMatchObject({ code: "conflict", found: "a reader at it" });
      await reader.end();
      expect(await store.delete(name)).toBe(true);
    });

    test("a recording is closed while it is read, reading ends at once", async () => {
      await keep(many(12_000));
      const recording = await store.open(name);
      const reading = (async () => {
        for await (const _ of recording.read()) await recording.close();
      })();
      await expect(reading).rejects.toMatchObject({ name: "RecordingError", code: "closed" });
      await expect(recording.latestAtOrBefore(recording.endUs)).rejects.toMatchObject({ code: "closed" });
    });

    test("a recording is deleted while it is read, reading ends in an error rather than early", async () => {
      await keep(many(12_000));
      const [recording, other] = [await store.open(name), await store.open(name)];
      const gone = { name: "RecordingError", code: "not-found" };
      const reading = (async () => {
        let first = true;
        for await (const _ of recording.read()) {
          if (first) expect(await store.delete(name)).toBe(true);
          first = false;
        }
      })();
      await expect(reading).rejects.toMatchObject(gone);
      await expect(other.latestAtOrBefore(other.endUs)).rejects.toMatchObject(gone);
      await expect(collect(other)).rejects.toMatchObject(gone);
      await Promise.all([recording.close(), other.close()]);
    });

    test("a writer loses its connection, it says so, and the next goes on behind what was flushed", async () => {
      const messages = many(300);
      const appender = await store.append(name);
      await appender.addChannel(BYTES);
      await appender.append(messages.slice(0, 100));
      await appender.flush();
      await terminate("COMMIT");
      await appender.append(messages.slice(100));
      await expect(appender.flush()).rejects.toMatchObject({ code: "unreachable" });
      await expect(appender.append([])).rejects.toMatchObject({ code: "unreachable" });
      await appender.close();
      const next = await store.append(name);
      expect(next.keptMessages).toBe(100);
      await next.append(messages.slice(100));
      await next.seal();
      const recording = await store.open(name);
      expect((await collect(recording)).map(({ position }) => position)).toEqual([...messages.keys()]);
      await recording.close();
    });

    test("reading is aborted while the server is busy, it ends at once", async () => {
      await keep(many(100));
      const recording = await store.open(name);
      const holder = new Client({ connectionString: url });
      await holder.connect();
      await holder.query("BEGIN; LOCK TABLE playhead.reading IN ACCESS EXCLUSIVE MODE");
      const controller = new AbortController();
      const reason = new Error("enough");
      const reading = collect(recording, { signal: controller.signal });
      const waiting = async () =>
        (
          await server.query(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'COPY%'",
          )
        ).length;
      await expect.poll(waiting, { interval: 5 }).toBe(1);
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
      await holder.end();
      expect((await collect(recording)).length).toBe(100);
      await recording.close();
    });

    test("the last messages are malformed, the latest before them is found; they are told", async () => {
      const channels = [RANGE, BYTES, RANGE];
      const good = (index: number): Uint8Array => range(index);
      const bad = new Uint8Array(3);
      const messages = Array.from({ length: 200 }, (_, index) =>
        message(index % 3, BigInt(index) * MS, index % 3 === 1 || index < 40 ? good(index) : bad),
      );
      await keep(messages, channels);
      const recording = await store.open(name);
      expect(recording.sensors.map(({ kind, count }) => `${kind} ${count}`)).toEqual([
        "other 67",
        "ultrasonic 133",
      ]);
      const latest = await recording.latestAtOrBefore(recording.endUs);
      const ranged = latest.get(1);
      expect(ranged?.timeUs).toBe(Number((START_NS + 39n * MS) / 1000n));
      expect([ranged?.position, ranged?.sequence]).toEqual([39, 26]);
      expect((await collect(recording, { sensors: [1] })).length).toBe(27);
      expect(recording.problems.length).toBe(106);
      expect(recording.problems[0]).toMatchObject({ code: "malformed-message", sensor: "/range" });
      const raw = await store.openMessages(name);
      let count = 0;
      for await (const page of raw.messages()) count += page.count;
      expect(count).toBe(200);
      await raw.close();
      await recording.close();
    });

    test("messages lie hours apart and in heaps, any slice is read with few statements", async () => {
      const hour = 3_600_000n * MS;
      const heaps = [0n, 1n, 5n, 500n].flatMap((at) =>
        Array.from({ length: 700 }, (_, index) =>
          message(0, at * hour + BigInt(index >> 3), new Uint8Array(20)),
        ),
      );
      await keep(heaps);
      const recording = await store.open(name);
      const all = await collect(recording);
      expect(all.map(({ position }) => position)).toEqual([...heaps.keys()]);
      const fromUs = Number((START_NS + 2n * hour) / 1000n);
      expect((await collect(recording, { fromUs })).length).toBe(1400);
      expect((await recording.latestAtOrBefore(fromUs)).get(0)?.position).toBe(1399);
      await recording.close();
    });

    test("several begin with an empty database at once, each finds its own in it", async () => {
      const other = await server.database();
      const stores = Array.from({ length: 4 }, () => openPostgresStore(other));
      const appenders = await Promise.all(stores.map((each, index) => each.append(`${index}`)));
      for (const appender of appenders) {
        await appender.addChannel(BYTES);
        await appender.append(many(300));
      }
      await Promise.all(appenders.map((appender) => appender.seal()));
      const listed = await (stores[0] as PostgresStore).list();
      expect(listed.map((entry) => `${entry.name}: ${entry.messageCount}`)).toEqual([
        "0: 300",
        "1: 300",
        "2: 300",
        "3: 300",
      ]);
      await Promise.all(stores.map((each) => each.close()));
    });

    test("the tables are of a later Playhead, it says so and leaves them", async () => {
      const other = await server.database();
      const own = openPostgresStore(other);
      await (await own.append("a")).seal();
      const sql = openSql(other);
      await sql("INSERT INTO playhead.migration (version, name) VALUES (99, 'later')");
      const refusal = { code: "unsupported", found: "version 99, made by a later Playhead" };
      await expect(own.list()).rejects.toMatchObject(refusal);
      await expect(own.open("a")).rejects.toMatchObject(refusal);
      await expect(own.append("b")).rejects.toMatchObject(refusal);
      expect((await own.status()).notes.join()).toContain("later Playhead");
      await own.close();
    });

    test("a database has no tables, there is nothing in it", async () => {
      const empty = openPostgresStore(await server.database());
      expect(await empty.list()).toEqual([]);
      expect(await empty.find("a")).toBeUndefined();
      await expect(empty.open("a")).rejects.toBeInstanceOf(RecordingError);
      expect(await empty.delete("a")).toBe(false);
      expect(await empty.status()).toMatchObject({ version: 0, layout: undefined, recordings: 0 });
      await empty.close();
    });

    test("somebody may only read, that is enough to read, and writing is refused", async () => {
      await keep(many(10));
      const role = `playhead_test_reader_${process.pid}`;
      const sql = openSql(url);
      await sql(`CREATE ROLE ${role};
      GRANT USAGE ON SCHEMA playhead TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA playhead TO ${role};
      ALTER DEFAULT PRIVILEGES IN SCHEMA playhead GRANT SELECT ON TABLES TO ${role}`);
      const own = openPostgresStore(`${url}${url.includes("?") ? "&" : "?"}options=-c%20role%3D${role}`);
      try {
        for (const turn of ["before", "after"]) {
          if (turn === "after") {
            name = `${name} behind the grant`;
            await keep(many(20));
          }
          const recording = await own.open(name);
          expect((await collect(recording)).length).toBe(turn === "after" ? 20 : 10);
          await recording.close();
        }
        expect(await own.status()).toMatchObject({ version: 2 });
        await expect(own.append("new")).rejects.toMatchObject({
          name: "RecordingError",
          found: expect.stringContaining("permission denied"),
        });
        await expect(own.delete(name)).rejects.toMatchObject({ name: "RecordingError" });
        expect((await own.find(name))?.messageCount).toBe(20);
      } finally {
        await own.close();
        await sql(`DROP OWNED BY ${role}`);
        await sql(`DROP ROLE ${role}`);
      }
    });

    test("names and texts are hostile, they stay texts", async () => {
      name = `'; DROP SCHEMA playhead CASCADE; -- "$1" %I \\ ${"x".repeat(200)}`;
      const hostile = {
        ...BYTES,
        topic: "'); DELETE FROM playhead.recording; --",
        metadata: { "'": '\0\\u0000"', __proto__x: "1" },
      };
      await keep([message(0, 0n, new Uint8Array(1))], [hostile]);
      const found = await store.find(name);
      expect(found?.sensors[0]).toMatchObject({ name: hostile.topic, metadata: hostile.metadata });
      const appender = await store.append(`${name}2`);
      await expect(appender.addChannel({ ...BYTES, topic: "a\0b" })).rejects.toMatchObject({
        code: "unsupported",
      });
      await expect(appender.addMetadata("a\0b", {})).rejects.toMatchObject({ code: "unsupported" });
      await appender.close();
      expect(await store.delete(name)).toBe(true);
      expect(await store.find(name)).toBeUndefined();
    });

    test("plots ask for what happened in each second, they get counts, sizes and delays", async () => {
      await keep(many(50).concat(message(0, 2_000_000_000n, new Uint8Array(10_000))));
      const sql = openSql(url);
      const found = await sql(
        `SELECT second_ns::text, messages::int, min_bytes, max_bytes, mean_bytes, mean_delay_ns FROM (
         SELECT * FROM playhead.reading_per_second UNION ALL SELECT * FROM playhead.payload_per_second) AS o
       JOIN playhead.recording r ON r.id = recording_id WHERE r.name = $1 ORDER BY second_ns`,
        [name],
      );
      expect(found).toEqual([
        {
          second_ns: `${START_NS}`,
          messages: 50,
          min_bytes: 0,
          max_bytes: 49,
          mean_bytes: 24.5,
          mean_delay_ns: 7,
        },
        {
          second_ns: `${START_NS + 2_000_000_000n}`,
          messages: 1,
          min_bytes: 10_000,
          max_bytes: 10_000,
          mean_bytes: 10_000,
          mean_delay_ns: 7,
        },
      ]);
    });

    test("a database is asked what it is, it says what is missing", async () => {
      const status = await store.status();
      const withTimescale = server.version.includes("TimescaleDB");
      expect(status.layout).toBe(withTimescale ? "hypertables" : "partitions");
      expect(status.timescale === undefined).toBe(!withTimescale);
      const isFull = status.timescale?.licence === "community";
      expect(status.notes.some((note) => note.includes("TimescaleDB"))).toBe(!isFull);
      expect(status.recordings).toBeGreaterThan(0);
      expect(status.sizeBytes).toBeGreaterThan(10_000);
      expect(server.version.startsWith(status.serverVersion)).toBe(true);
    });
  },
);

const BYTES: ChannelDeclaration = { topic: "/bytes", messageEncoding: "bytes", schema: undefined };
const RANGE: ChannelDeclaration = {
  topic: "/range",
  messageEncoding: "cdr",
  schema: {
    name: "sensor_msgs/msg/Range",
    encoding: "ros2msg",
    data: new TextEncoder().encode(
      "std_msgs/Header header\nuint8 radiation_type\nfloat32 field_of_view\nfloat32 min_range\nfloat32 max_range\nfloat32 range\n" +
        "================\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n" +
        "================\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n",
    ),
  },
};

function message(channel: number, afterNs: bigint, data: Uint8Array): RecordedMessage {
  return { channel, logTimeNs: START_NS + afterNs, publishTimeNs: START_NS + afterNs - 7n, data };
}

/** A message each µs, of 0 to 49 bytes. */
function many(count: number): RecordedMessage[] {
  return Array.from({ length: count }, (_, index) =>
    message(0, BigInt(index) * 1000n, new Uint8Array(index % 50).fill(index)),
  );
}

/** A CDR message of `sensor_msgs/msg/Range`, as little as it can be: an empty frame id. */
function range(rangeM: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 36));
  view.setUint8(1, 1);
  view.setUint32(4 + 8, 1, true);
  for (const [place, value] of [0.5, 0.1, 300, rangeM].entries())
    view.setFloat32(4 + 16 + place * 4, value, true);
  return new Uint8Array(view.buffer, 0, 4 + 32);
}

function databaseOf(url: string): string {
  return /^[^?]*\/([^/?]+)/.exec(url)?.[1] ?? "";
}

/** Statements in a store's own database. */
function openSql(url: string): (text: string, values?: readonly unknown[]) => Promise<unknown[]> {
  return async (text, values = []) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
}
