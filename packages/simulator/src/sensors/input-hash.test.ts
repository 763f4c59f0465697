import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recording } from "@playhead/recording";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeRecording } from "../testing/fake-run.case.ts";
import { inputHashOf } from "./input-hash.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-hashes-"));
});
afterAll(() => rm(folder, { recursive: true }));

function counted(fingerprint: string | undefined) {
  const whole = fakeRecording(20);
  const state = { reads: 0 };
  const recording: Recording = {
    ...whole,
    fingerprint,
    read: (options) => {
      state.reads++;
      return whole.read(options);
    },
  };
  const hash = (toUs = whole.endUs) => inputHashOf(recording, whole.startUs, toUs, folder);
  return { state, hash, midUs: whole.startUs + 50_000 };
}

it("reads a range once, as long as the recording is the same", async () => {
  const first = counted("a");
  const hash = await first.hash();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await first.hash()).toBe(hash);
  expect(first.state.reads).toBe(1);
  expect(await first.hash(first.midUs)).not.toBe(hash);
  expect(first.state.reads).toBe(2);
  const changed = counted("b");
  expect(await changed.hash()).toBe(hash);
  expect(changed.state.reads).toBe(1);
});

it("keeps nothing of a recording that may change unseen", async () => {
  const { state, hash } = counted(undefined);
  expect(await hash()).toBe(await hash());
  expect(state.reads).toBe(2);
});

it("does without a file that is damaged, or a folder that cannot be made", async () => {
  const name = (await readdir(folder)).find((file) => file.endsWith(".json")) ?? "";
  await writeFile(join(folder, name), '[["x", 3], "');
  const { state, hash } = counted("c");
  const expected = await hash();
  expect(state.reads).toBe(1);
  const whole = fakeRecording(20);
  const recording = { ...whole, fingerprint: "d" };
  expect(await inputHashOf(recording, whole.startUs, whole.endUs, join(folder, name, "x"))).toBe(expected);
});
