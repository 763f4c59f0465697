import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { McapIndexedReader } from "@mcap/core";
import sqlite from "node-sqlite3-wasm";
import { ingestMcap, openMcap, openPostgresStore } from "../../packages/store/dist/index.js";
import { messages, SENSORS } from "./mix.mjs";

const MEGABYTE = 1024 * 1024;
const RECORDING = "playhead-benchmark";

/**
 * Who reads: `scan` opens, reads all messages and returns how many bytes they have; `latest` is asked for the last message of each sensor at or before a
 * time (µs), of a file that is open. `prepare` is not measured.
 */
export const contestants = {
  Playhead: (paths) => playhead(paths, {}, {}),
  "Playhead, borrowed": (paths) => playhead(paths, {}, { borrow: true }),
  "Playhead, CRCs anew": (paths) => playhead(paths, { savedIndex: false }, {}),
  "Playhead, borrowed, CRCs anew": (paths) => playhead(paths, { savedIndex: false }, { borrow: true }),
  "@mcap/core": ({ mcap }) => stock(mcap, true),
  "@mcap/core, no CRCs": ({ mcap }) => stock(mcap, false),
  "bare loop": ({ mcap }) => bare(mcap, () => new Uint8Array(MEGABYTE)),
  "bare loop, one buffer": ({ mcap }) => {
    const buffer = new Uint8Array(MEGABYTE);
    return bare(mcap, () => buffer);
  },
  "bare loop, one buffer, synchronous": ({ mcap }) => bareSync(mcap),
  SQLite: ({ sqlite, seconds }) => inSqlite(sqlite, seconds),
  ...(process.env.PLAYHEAD_TEST_POSTGRES === undefined
    ? {}
    : { PostgreSQL: ({ mcap }) => inPostgres(mcap, process.env.PLAYHEAD_TEST_POSTGRES) }),
};

async function bytesOf(recording, options) {
  let bytes = 0;
  for await (const batch of recording.read(options)) for (const { raw } of batch) bytes += raw.length;
  return bytes;
}

function playhead({ mcap }, options, readOptions) {
  let recording;
  return {
    async scan() {
      const opened = await openMcap(mcap, options);
      const bytes = await bytesOf(opened, readOptions);
      await opened.close();
      return bytes;
    },
    async open() {
      const opened = await openMcap(mcap, options);
      await opened.close();
    },
    async latest(timeUs) {
      recording ??= await openMcap(mcap, options);
      return (await recording.latestAtOrBefore(timeUs)).size;
    },
    close: async () => recording?.close(),
  };
}

/** The stock reader, told how to read a file as its own documentation does. */
function stock(path, validateCrcs) {
  let handle;
  let reader;
  const initialize = async () => {
    handle ??= await open(path);
    const readable = {
      size: async () => BigInt((await handle.stat()).size),
      async read(offset, length) {
        const bytes = new Uint8Array(Number(length));
        await handle.read(bytes, 0, bytes.length, Number(offset));
        return bytes;
      },
    };
    return McapIndexedReader.Initialize({ readable });
  };
  const readOne = async (options) => {
    for await (const message of reader.readMessages({ ...options, validateCrcs })) return message;
    return undefined;
  };
  return {
    async scan() {
      let bytes = 0;
      for await (const message of (await initialize()).readMessages({ validateCrcs }))
        bytes += message.data.length;
      return bytes;
    },
    async open() {
      await initialize();
    },
    async latest(timeUs) {
      reader ??= await initialize();
      const endTime = BigInt(timeUs) * 1000n + 999n;
      let found = 0;
      for (const { topic } of SENSORS)
        if ((await readOne({ topics: [topic], endTime, reverse: true })) !== undefined) found++;
      return found;
    },
    /** One reading of all topics, backwards, until each was there: faster where all of them are frequent. */
    async latestInOnePass(timeUs) {
      reader ??= await initialize();
      const endTime = BigInt(timeUs) * 1000n + 999n;
      const found = new Set();
      for await (const { channelId } of reader.readMessages({ endTime, reverse: true, validateCrcs }))
        if (found.add(channelId).size === SENSORS.length) break;
      return found.size;
    },
    close: async () => handle?.close(),
  };
}

function bare(path, bufferFor) {
  return {
    async scan() {
      const handle = await open(path);
      let offset = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bufferFor(), 0, MEGABYTE, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
      }
      await handle.close();
      return offset;
    },
    close: async () => undefined,
  };
}

function bareSync(path) {
  const buffer = new Uint8Array(MEGABYTE);
  return {
    async scan() {
      const fd = openSync(path);
      let offset = 0;
      for (let read = -1; read !== 0; offset += read) read = readSync(fd, buffer, 0, MEGABYTE, offset);
      closeSync(fd);
      return offset;
    },
    close: async () => undefined,
  };
}

function inSqlite(path, seconds) {
  const database = new sqlite.Database(path);
  let latest;
  return {
    async prepare() {
      database.exec("pragma journal_mode = off; pragma synchronous = off");
      database.exec("create table message (time integer, position integer, channel integer, data blob)");
      const insert = database.prepare("insert into message values (?, ?, ?, ?)");
      database.exec("begin");
      let position = 0;
      for (const { place, timeNs, data } of messages(seconds))
        insert.run([Number(timeNs / 1000n), position++, place, data]);
      database.exec("commit");
      insert.finalize();
      database.exec("create index by_time on message (time, position)");
      database.exec("create index by_channel on message (channel, time, position)");
    },
    async scan() {
      let bytes = 0;
      const select = database.prepare("select time, channel, data from message order by time, position");
      for (const { data } of select.iterate()) bytes += data.length;
      select.finalize();
      return bytes;
    },
    async latest(timeUs) {
      latest ??= database.prepare(
        "select time, data from message where channel = ? and time <= ? order by time desc, position desc limit 1",
      );
      let found = 0;
      for (const place of SENSORS.keys()) if (latest.get([place, timeUs]) !== undefined) found++;
      return found;
    },
    async close() {
      latest?.finalize();
      database.close();
    },
  };
}

function inPostgres(path, url) {
  const store = openPostgresStore(url);
  let recording;
  return {
    async prepare() {
      await store.delete(RECORDING);
      await ingestMcap(path, store, { name: RECORDING });
    },
    async scan() {
      const opened = await store.open(RECORDING);
      const bytes = await bytesOf(opened, {});
      await opened.close();
      return bytes;
    },
    async latest(timeUs) {
      recording ??= await store.open(RECORDING);
      return (await recording.latestAtOrBefore(timeUs)).size;
    },
    async close() {
      await recording?.close();
      await store.delete(RECORDING);
      await store.close();
    },
  };
}
