import type { ChannelDeclaration } from "@playhead/recording";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RecordedMessage } from "../recording-store.ts";
import { Client } from "./pg-client.ts";
import { missingServer, startTestServer, type TestServer } from "./postgres-server.case.ts";
import { openPostgresStore, type PostgresStore } from "./postgres-store.ts";

const missing = missingServer();
const START_NS = 1_700_000_000_000_000_000n;
const SECOND_NS = 1_000_000_000n;

const STATE: ChannelDeclaration = { topic: "/state", messageEncoding: "json", schema: undefined };
const BYTES: ChannelDeclaration = { topic: "/bytes", messageEncoding: "bytes", schema: undefined };

const PER_SECOND = `
  SELECT topic, s.name AS signal, ((second_ns - ${START_NS}) / ${SECOND_NS})::int AS second, samples::int, least, greatest, mean
  FROM playhead.sample_per_second p
  JOIN playhead.recording r ON r.id = p.recording_id
  JOIN playhead.signal s ON s.recording_id = r.id AND s.number = p.signal
  JOIN playhead.channel c ON c.recording_id = r.id AND c.number = s.channel
  WHERE r.name = $1 ORDER BY topic, s.name, second`;

describe.skipIf(missing !== undefined)(
  `PostgreSQL: samples${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let server: TestServer;
    let url: string;
    let store: PostgresStore;
    let client: pg.Client;

    beforeAll(async () => {
      server = await startTestServer();
      url = await server.database();
      store = openPostgresStore(url);
      client = new Client({ connectionString: url });
      await client.connect();
    });
    afterAll(async () => {
      await client?.end();
      await store?.close();
      await server?.stop();
    });

    async function sql(text: string, ...values: unknown[]): Promise<readonly Record<string, unknown>[]> {
      return (await client.query(text, values)).rows;
    }

    async function samplesOf(name: string): Promise<number> {
      const [row] = await sql(
        "SELECT count(*)::int AS count FROM playhead.sample JOIN playhead.recording r ON r.id = recording_id WHERE r.name = $1",
        name,
      );
      return Number(row?.count);
    }

    test("plots ask for the course of a signal, they get the least, greatest and mean value of each second", async () => {
      const messages = Array.from({ length: 40 }, (_, index) =>
        json(index % 2, index, index % 2 === 0 ? { speed: index, on: true, name: "x" } : { gear: -index }),
      );
      await keep("drive", messages, [STATE, { ...STATE, topic: "/gear" }]);
      const found = await sql(PER_SECOND, "drive");
      expect(found.slice(0, 4)).toEqual([
        { topic: "/gear", signal: "gear", second: 0, samples: 5, least: -9, greatest: -1, mean: -5 },
        { topic: "/gear", signal: "gear", second: 1, samples: 5, least: -19, greatest: -11, mean: -15 },
        { topic: "/gear", signal: "gear", second: 2, samples: 5, least: -29, greatest: -21, mean: -25 },
        { topic: "/gear", signal: "gear", second: 3, samples: 5, least: -39, greatest: -31, mean: -35 },
      ]);
      expect(found.filter(({ signal }) => signal === "on").map(({ mean }) => mean)).toEqual([1, 1, 1, 1]);
      expect(found.filter(({ signal }) => signal === "speed")).toHaveLength(4);
      expect(found).toHaveLength(12);
    });

    test("messages that are large, unknown or malformed have none", async () => {
      const large = json(0, 0, { speed: 1, note: "x".repeat(9000) });
      const malformed = { ...json(0, 1, {}), data: Uint8Array.of(0x7b) };
      await keep("odd", [large, malformed, { ...json(1, 2, {}), data: Uint8Array.of(1, 2) }], [STATE, BYTES]);
      expect(await samplesOf("odd")).toBe(0);
      expect((await store.find("odd"))?.messageCount).toBe(3);
    });

    test("a writer goes on behind what it flushed, also with signals that come later", async () => {
      const messages = Array.from({ length: 30 }, (_, index) =>
        json(0, index, { a: index, [`b${index}`]: 1 }),
      );
      const first = await store.append("resumed");
      await first.addChannel(STATE);
      await first.append(messages.slice(0, 10));
      await first.flush();
      await first.append(messages.slice(10, 15));
      await first.close();
      const second = await store.append("resumed");
      await second.append(messages.slice(second.keptMessages));
      await second.seal();
      await keep("whole", messages, [STATE]);
      const all = `SELECT s.name, log_time_ns::text, position::text, value FROM playhead.sample p
        JOIN playhead.recording r ON r.id = p.recording_id
        JOIN playhead.signal s ON s.recording_id = r.id AND s.number = p.signal
        WHERE r.name = $1 ORDER BY position, s.name`;
      expect(await sql(all, "resumed")).toEqual(await sql(all, "whole"));
      expect(await samplesOf("whole")).toBe(60);
    });

    test("they are left out where they are not wanted, and go with their recording", async () => {
      const messages = [json(0, 0, { a: 1 })];
      const appender = await store.append("without", { samples: false });
      await appender.addChannel(STATE);
      await appender.append(messages);
      await appender.seal();
      expect(await samplesOf("without")).toBe(0);
      await keep("gone", messages, [STATE]);
      const [row] = await sql("SELECT id FROM playhead.recording WHERE name = 'gone'");
      const left = (): Promise<readonly Record<string, unknown>[]> =>
        sql("SELECT FROM playhead.sample WHERE recording_id = $1", row?.id);
      expect(await left()).toHaveLength(1);
      await store.delete("gone");
      expect(await left()).toHaveLength(0);
      expect(await sql("SELECT FROM playhead.signal WHERE recording_id = $1", row?.id)).toHaveLength(0);
    });

    test("a recording that is deleted leaves no space taken, and one more takes no more than its own", async () => {
      const own = openPostgresStore(await server.database());
      const messages = Array.from({ length: 20_000 }, (_, index) => json(0, index, { a: index }));
      const sizes: number[] = [];
      for (const name of ["one", "two"]) {
        const appender = await own.append(name, { bulk: true });
        await appender.addChannel(STATE);
        await appender.append(messages);
        await appender.seal();
        sizes.push((await own.status()).sizeBytes);
      }
      expect(sizes[1]).toBeLessThan((sizes[0] as number) * 2.5);
      for (const name of ["one", "two"]) await own.delete(name);
      expect((await own.status()).sizeBytes).toBeLessThan(200_000);
      await own.close();
    });

    test("tables of the version before get them with the next recording, and keep what they have", async () => {
      for (const name of ["before", "gone"]) await keep(name, [json(0, 0, { a: 1 })], [STATE]);
      await makeFirstVersion();
      expect(await store.status()).toMatchObject({ version: 1, latestVersion: 2 });
      const before = await store.open("before");
      expect(before.sensors.map(({ count }) => count)).toEqual([1]);
      await before.close();
      expect(await store.delete("gone")).toBe(true);
      await keep("after", [json(0, 0, { a: 1 })], [STATE]);
      expect(await store.status()).toMatchObject({ version: 2, notes: expect.any(Array) });
      expect([await samplesOf("before"), await samplesOf("after")]).toEqual([0, 1]);
      expect(await store.delete("before")).toBe(true);
    });

    /** What the first version of the tables had no signals and samples. */
    async function makeFirstVersion(): Promise<void> {
      const [view] = await sql(
        "SELECT relkind FROM pg_class WHERE oid = to_regclass('playhead.sample_per_second')",
      );
      const isContinuous = (await store.status()).timescale?.licence === "community" && view?.relkind === "v";
      await sql(`DROP ${isContinuous ? "MATERIALIZED " : ""}VIEW playhead.sample_per_second`);
      await sql("DROP TABLE playhead.sample, playhead.signal CASCADE");
      await sql("DELETE FROM playhead.migration WHERE version = 2");
    }

    async function keep(
      name: string,
      messages: readonly RecordedMessage[],
      channels: readonly ChannelDeclaration[],
    ): Promise<void> {
      const appender = await store.append(name);
      for (const channel of channels) await appender.addChannel(channel);
      await appender.append(messages);
      await appender.seal();
    }
  },
);

/** One of ten in a second. */
function json(channel: number, index: number, value: object): RecordedMessage {
  const logTimeNs = START_NS + (BigInt(index) * SECOND_NS) / 10n;
  return { channel, logTimeNs, publishTimeNs: logTimeNs, data: Buffer.from(JSON.stringify(value)) };
}
