import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openMcapMessages } from "./mcap-messages.ts";
import { createMcapWriter } from "./mcap-writer.ts";
import { OPCODE, RECORD_HEADER_BYTES } from "./records.ts";
import { sampleFolder, writeSampleTo } from "./sample.case.ts";

const folder = sampleFolder();

/** A file with a profile, with metadata at its start and at its end. */
async function sample(): Promise<Uint8Array> {
  const path = folder.path();
  const writer = await createMcapWriter(path, { profile: "ros2", chunkBytes: 2500 });
  await writer.addMetadata("vehicle", { name: "blue" });
  await writeSampleTo(writer);
  return new Uint8Array(await readFile(path));
}

async function read(bytes: Uint8Array) {
  const path = folder.path();
  await writeFile(path, bytes);
  const file = await openMcapMessages(path);
  await file.close();
  const { profile, metadata, problems } = file;
  return { profile, metadata, problems, codes: problems.map(({ code }) => code) };
}

/** Where the last record with an operation code begins, before the data end. */
function lastOf(bytes: Uint8Array, opcode: number): number {
  const view = new DataView(bytes.buffer);
  let found = -1;
  for (let offset = 8; bytes[offset] !== OPCODE.dataEnd; ) {
    if (bytes[offset] === opcode) found = offset;
    offset += RECORD_HEADER_BYTES + Number(view.getBigUint64(offset + 1, true));
  }
  return found;
}

describe("the profile and the metadata of a file", () => {
  const vehicle = { name: "vehicle", entries: { name: "blue" } };
  const origin = { name: "origin", entries: { made: "by a test" } };

  test("are read by its summary", async () => {
    const whole = await read(await sample());
    expect(whole).toMatchObject({ profile: "ros2", metadata: [vehicle, origin], problems: [] });
  });

  test("are read up to where the file breaks off, without a word about it beyond that", async () => {
    const bytes = await sample();
    const last = lastOf(bytes, OPCODE.metadata);
    const cut = await read(bytes.subarray(0, last + 20));
    expect(cut).toMatchObject({ profile: "ros2", metadata: [vehicle], codes: ["no-index", "truncated"] });
    const behind = await read(bytes.subarray(0, bytes.length - 20));
    expect(behind).toMatchObject({ profile: "ros2", metadata: [vehicle, origin] });
    expect(behind.codes).not.toContain("no-metadata");
    for (let length = 8; length < bytes.length; length += 97)
      expect((await read(bytes.subarray(0, length))).codes).not.toContain("no-metadata");
  });

  test("that are damaged are told, and left out", async () => {
    const bytes = await sample();
    const last = lastOf(bytes, OPCODE.metadata);
    const changed = bytes.slice();
    changed.fill(0xff, last + RECORD_HEADER_BYTES, last + RECORD_HEADER_BYTES + 4);
    const found = await read(changed);
    expect(found).toMatchObject({ profile: "ros2", metadata: [vehicle], codes: ["malformed-record"] });
    expect(found.problems[0]?.message).toMatch(
      /the metadata at byte \d+: expected a record of at least .*; they are left out/,
    );
    changed.fill(0xff, last, last + RECORD_HEADER_BYTES);
    const lost = await read(changed);
    expect(lost).toMatchObject({ metadata: [vehicle], codes: ["no-metadata"] });
    expect(lost.problems[0]?.message).toMatch(`found damage at byte ${last}; metadata behind it are lost`);
    const header = bytes.slice(0, bytes.length - 20);
    header.fill(0xff, 8 + RECORD_HEADER_BYTES, 8 + RECORD_HEADER_BYTES + 4);
    const profile = await read(header);
    expect(profile).toMatchObject({ profile: "", metadata: [vehicle, origin] });
    expect(profile.codes).toContain("no-profile");
  });
});
