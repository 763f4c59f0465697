import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runMain } from "./run-main.case.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-map-"));
  await writeFile(
    join(folder, "bus.log"),
    "(1700000000.000000) can0 010#00\n(1700000000.010000) can0 010#00\n",
  );
  await writeFile(join(folder, "speed.csv"), "time_s,speed\n1,2\n2,3\n");
  await writeFile(
    join(folder, "map.yaml"),
    "time: { column: time_s, unit: s }\ntopics: [{ topic: /speed, kind: json, fields: { speed: speed } }]\n",
  );
  const writer = await createMcapWriter(join(folder, "drive.mcap"));
  const channel = await writer.addChannel({ topic: "/a", messageEncoding: "json", schema: undefined });
  await writer.write(channel, 1n, 1n, Buffer.from("{}"));
  await writer.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["inspect", "drive.mcap", "an MCAP file"],
  ["run", "drive.mcap", "an MCAP file"],
  ["inspect", "bus.log", "a candump log"],
  ["import", "bus.log", "a candump log"],
  ["import", "drive.mcap", "an MCAP file"],
  ["ingest", "bus.log", "a candump log"],
  ["inspect", "postgres://127.0.0.1:1/drives/x", "an address"],
  ["table", "postgres://127.0.0.1:1/drives/x", "an address"],
])("%s %s: a mapping of columns is refused, for %s", async (command, name, found) => {
  const given = name.includes("://") ? name : join(folder, name);
  const [out, to] = [join(folder, "out.csv"), "postgres://127.0.0.1:1/drives"];
  const more = { import: ["-o", out], table: ["-o", out], ingest: ["--to", to] }[command] ?? [];
  const ran = await runMain(command, given, "--csv-map", join(folder, "map.yaml"), ...more);
  expect(ran.errors).toBe(`playhead: --csv-map: expected a CSV file to read by it, found ${found}\n`);
  expect(ran.exitCode).toBe(2);
});

it("a CSV file is read by it", async () => {
  const out = join(folder, "speed.mcap");
  const args = [join(folder, "speed.csv"), "--csv-map", join(folder, "map.yaml"), "-o", out];
  const ran = await runMain("import", ...args, "--json");
  expect(JSON.parse(ran.text)).toMatchObject({ messages: 2 });
});
