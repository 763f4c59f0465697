import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseReplacingOthers } from "./refuse-replacing-others.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-replacing-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file with 100 messages of one channel, not finished. */
async function unfinished(name: string, metadata: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name);
  const writer = await createMcapWriter(path);
  const channel = { topic: "/a", messageEncoding: "json", schema: undefined, metadata };
  const number = await writer.addChannel(channel);
  for (let count = 0n; count < 100n; count++)
    await writer.write(number, count, count, Buffer.from(JSON.stringify({ count: `${count}` })));
  await writer.flush();
  await writer.abandon();
  return path;
}

describe("a file in the place of the outputs of a run", () => {
  it("is replaced where a run was killed, with channels or before it had any", async () => {
    const killed = await unfinished("killed.mcap", { "playhead.unit": "fusion" });
    const begun = join(folder, "begun.mcap");
    await (await createMcapWriter(begun)).abandon();
    for (const path of [killed, begun])
      await expect(refuseReplacingOthers(path, "outputs of a run", false)).resolves.toBeUndefined();
  });

  it("is refused where it is a recording, also one that is damaged so that no channel is found", async () => {
    const recording = await unfinished("recording.mcap", {});
    const bytes = await readFile(recording);
    const damaged = join(folder, "damaged.mcap");
    await writeFile(damaged, bytes.fill(0, 30, 200));
    const refused = /expected a new file or outputs of a run to replace, found another file/;
    for (const path of [recording, damaged])
      await expect(refuseReplacingOthers(path, "outputs of a run", false)).rejects.toThrow(refused);
    await expect(refuseReplacingOthers(damaged, "outputs of a run", true)).resolves.toBeUndefined();
  });
});
