import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { sampleFolder, writeSample } from "./mcap/sample.case.ts";
import { openRecording } from "./open-recording.ts";

const folder = sampleFolder();

test("an MCAP file is opened by its content, whatever its name", async () => {
  const path = `${folder.path()}.bin`;
  await writeSample(path);
  const recording = await openRecording(path);
  expect(recording.sensors.map(({ name }) => name)).toEqual(["/a", "/b"]);
  await recording.close();
});

test("other files are named, as far as they are known, with what can be opened", async () => {
  const cases: [string, string, string][] = [
    ["", "empty", "an empty file"],
    ["#ROSBAG V2.0\n", "unknown-format", "a ROS 1 bag"],
    ["SQLite format 3\0", "unknown-format", "an SQLite database, such as a ROS 2 bag"],
    ["\0asm\x01\0\0\0", "unknown-format", "a WebAssembly file"],
    ["hello, world and more", "unknown-format", 'a file that begins with "hello, world and"'],
  ];
  for (const [content, code, found] of cases) {
    const path = folder.path();
    await writeFile(path, content, "latin1");
    const message = `${path}: expected a recording that can be opened (an MCAP file), found ${found}`;
    await expect(openRecording(path)).rejects.toMatchObject({ name: "RecordingError", code, message });
  }
  await expect(openRecording(`${folder.path()}.missing`)).rejects.toMatchObject({ code: "not-found" });
  await expect(openRecording("/")).rejects.toMatchObject({ code: "unknown-format", found: "a folder" });
});
