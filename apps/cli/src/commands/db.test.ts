import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMain } from "../run-main.case.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-db-"));
  await mkdir(join(folder, "empty"));
  for (const name of ["monday", "tuesday"]) await write(join(folder, `${name}.mcap`));
  const unfinished = await createMcapWriter(join(folder, "wednesday.mcap"));
  const channel = await unfinished.addChannel(CHANNEL);
  await unfinished.write(channel, 1_000_000_000n, 1_000_000_000n, new Uint8Array(1));
  await unfinished.flush();
  await writeFile(join(folder, "broken.mcap"), "hello");
  await writeFile(join(folder, "notes.txt"), "hello");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const CHANNEL = { topic: "/a", messageEncoding: "json", schema: undefined };

async function write(path: string): Promise<void> {
  const writer = await createMcapWriter(path);
  const channel = await writer.addChannel(CHANNEL);
  for (const timeNs of [1_700_000_000_000_000_000n, 1_700_000_002_500_000_000n])
    await writer.write(channel, timeNs, timeNs, Buffer.from("{}"));
  await writer.close();
}

describe("a folder of MCAP files as a catalogue", () => {
  it("lists its recordings as a database's are listed", async () => {
    const listed = await runMain("db", "list", folder);
    expect(listed.text).toBe(
      [
        "name       start                     length   sensors  messages",
        "monday     2023-11-14T22:13:20.000Z  2.500 s        1         2",
        "tuesday    2023-11-14T22:13:20.000Z  2.500 s        1         2",
        "wednesday  1970-01-01T00:00:01.000Z  0.000 s        1         1  unfinished\n",
      ].join("\n"),
    );
    const { text } = await runMain("db", "list", folder, "--json");
    expect(JSON.parse(text)).toMatchObject([
      { name: "monday", sealed: true, messageCount: 2, startUs: 1_700_000_000_000_000 },
      { name: "tuesday" },
      { name: "wednesday", sealed: false },
    ]);
    expect((await runMain("db", "list", join(folder, "empty"))).text).toBe("no recordings\n");
  });

  it("tells what is in it, and what is wrong there", async () => {
    const { text } = await runMain("db", "status", folder, "--json");
    expect(JSON.parse(text)).toEqual({
      location: folder,
      recordings: 3,
      messages: 5,
      sizeBytes: expect.any(Number),
      unfinished: [{ name: "wednesday", messages: 1 }],
      notes: ["broken.mcap: cannot be opened; `playhead inspect` says why"],
    });
    const shown = await runMain("db", "status", folder);
    expect(shown.text).toMatch(
      /Content {5}3 recordings, 5 messages, .*\n {2}Unfinished {2}wednesday, 1 messages\n/,
    );
  });

  it("takes a recording away, and says so when there is none of that name", async () => {
    const path = join(folder, "away");
    await mkdir(path);
    for (const name of ["monday", "tuesday"]) await write(join(path, `${name}.mcap`));
    const deleted = await runMain("db", "delete", join(path, "monday"), "--json");
    expect(JSON.parse(deleted.text)).toEqual({ recording: "monday", deleted: true });
    expect(await readdir(path)).toEqual(["tuesday.mcap"]);
    const again = await runMain("db", "delete", join(path, "monday"), "--json");
    expect(JSON.parse(again.text)).toEqual({ recording: "monday", deleted: false });
    expect(again.errors).toBe(`playhead: ${path}: expected a recording of the name monday, found none\n`);
    expect(again.exitCode).toBe(3);
    expect((await runMain("db", "delete", join(path, "tuesday.mcap"))).text).toBe("tuesday: deleted\n");
    expect(await readdir(path)).toEqual([]);
  });

  it("is not taken for what it is not", async () => {
    const expected = "expected postgres://user@host/database or a folder of MCAP files";
    for (const [args, exitCode, said] of [
      [["list", join(folder, "none")], 3, `none: ${expected}, found nothing there`],
      [["list", join(folder, "monday.mcap")], 3, `monday.mcap: ${expected}, found a file`],
      [["status", join(folder, "monday")], 3, `monday: ${expected}, found nothing there`],
      [["delete", folder], 2, "expected an address or folder with the recording's name behind it"],
      [["delete", join(folder, "none", "monday")], 3, `${expected}, found nothing there`],
    ] as const) {
      const ran = await runMain("db", ...args);
      expect(ran.errors).toContain(said);
      expect(ran.exitCode).toBe(exitCode);
    }
  });
});

describe("a folder in the place of a recording", () => {
  it("says which recordings lie in it", async () => {
    await writeFile(
      join(folder, "walk.nmea"),
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\n",
    );
    for (const command of [["inspect"], ["run"], ["import", "-o", "x.mcap"]]) {
      const [name = "", ...options] = command;
      const ran = await runMain(name, folder, ...options);
      expect(ran.errors).toBe(
        `playhead: ${folder}: expected one recording, found a folder in which each of these can be opened: monday.mcap, tuesday.mcap, walk.nmea, wednesday.mcap; \`playhead db list\` lists the MCAP files of a folder\n`,
      );
      expect(ran.exitCode).toBe(3);
    }
  });

  it("says that it is empty, and what can be read", async () => {
    for (const command of ["inspect", "run"]) {
      const ran = await runMain(command, join(folder, "empty"));
      expect(ran.errors).toMatch(
        /empty: expected a recording that can be read \(.*ROS 1 bag.*, found an empty folder$/m,
      );
      expect(ran.exitCode).toBe(3);
    }
  });
});
