import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refuseAddress, refuseForeignAddress } from "./refuse-addresses.ts";
import { runMain } from "./run-main.case.ts";

describe("addresses in the place of recordings", () => {
  it.each(["drive.mcap", "folder/", "postgres://host/database/drive", "postgresql://host/database/drive"])(
    "%s can be opened",
    (given) => {
      expect(() => refuseForeignAddress(given)).not.toThrow();
    },
  );

  it("are refused where nothing can be read from them, with what would do", () => {
    expect(() => refuseForeignAddress("https://host/drive.mcap")).toThrow(
      "https://host/drive.mcap: expected a file, a folder or postgres://user@host/database/recording, found an address of https",
    );
    expect(() => refuseForeignAddress("mysql://me:a@b:secret@host/x")).toThrow(/^mysql:\/\/\*\*\*@host\/x: /);
  });

  it("are refused by commands that read files, without a password that may stand in them", () => {
    expect(() => refuseAddress("drive.mcap")).not.toThrow();
    expect(() => refuseAddress("postgres://me:secret@host/database/drive")).toThrow(
      /^expected a file or folder, found an address: `playhead export`/,
    );
  });
});

describe("addresses in the place of outputs", () => {
  const URL = "postgres://host/database/drive";

  it.each([
    ["run", "none.mcap", "--out", URL],
    ["run", "none.mcap", "--frames", URL],
    ["run", "none.mcap", "--state", URL],
    ["run", "none.mcap", "--state", "postgres:/host/database/drive"],
    ["run", "none.mcap", "--capsules", "s3://bucket/faults"],
    ["studio", "none.mcap", "--state", URL],
    ["studio", "none.mcap", "--capsules", URL],
    ["verify", "none.mcap", "--out", URL],
    ["synth", "-o", URL],
    ["import", "none.mcap", "-o", URL],
    ["convert", "none.mcap", "-o", URL],
    ["table", "none.mcap", "--format", "csv", "-o", URL],
    ["export", URL, "-o", URL],
    ["compose", "none.wac", "-o", URL],
    ["plug", "none.wasm", "--plug", "none.wasm", "-o", URL],
    ["inspect", "none.wasm", "--svg", URL],
  ])("%s %s %s %s %s: are refused before anything is made", async (...args) => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-outputs-"));
    const before = process.cwd();
    try {
      process.chdir(folder);
      const ran = await runMain(...args.filter((arg) => arg !== undefined));
      expect(ran.errors).toMatch(
        /^playhead: --\w+ \S+: expected a file or folder, found an address: `playhead ingest`/,
      );
      expect(ran.exitCode).toBe(2);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      process.chdir(before);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
