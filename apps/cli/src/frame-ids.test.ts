import type { Reading, Recording, Sensor } from "@playhead/recording";
import { expect, test } from "vitest";
import { frameIdsOf } from "./frame-ids.ts";

const sensor = (handle: number, kind: Sensor["kind"], firstUs?: number): Sensor => ({
  ...{ handle, name: `/${handle}`, kind, role: "input", encoding: "", schema: "" },
  ...{ count: 1_000_000, firstUs, lastUs: 9e9, rateHz: 1, metadata: {} },
});

/** Answers what is asked, and keeps that. */
function recordingOf(sensors: readonly Sensor[], metadata: (handle: number) => string | undefined) {
  const asked: { timeUs: number; handles: readonly number[] }[] = [];
  const latestAtOrBefore = async (timeUs: number, handles: readonly number[] = []) => {
    asked.push({ timeUs, handles });
    return new Map(handles.map((handle) => [handle, { metadata: metadata(handle) } as Reading]));
  };
  return { recording: { sensors, latestAtOrBefore } as Partial<Recording> as Recording, asked };
}

test("sensors that start together are looked at together, and those that start late at their start", async () => {
  const sensors = [
    sensor(0, "lidar", 5_000_000),
    sensor(1, "other", 1_000_000),
    sensor(2, "camera", 1_900_000),
    sensor(3, "imu", 1_000_000),
    sensor(4, "gps"),
  ];
  const { recording, asked } = recordingOf(sensors, (handle) =>
    JSON.stringify({ frame_id: `frame ${handle}` }),
  );
  expect(await frameIdsOf(recording)).toEqual(
    new Map([
      [3, "frame 3"],
      [2, "frame 2"],
      [0, "frame 0"],
    ]),
  );
  expect(asked).toEqual([
    { timeUs: 1_900_000, handles: [3, 2] },
    { timeUs: 5_000_000, handles: [0] },
  ]);
});

test("readings that say no frame have none", async () => {
  const said = [undefined, '{"stamp_us":1}', '{"frame_id":"","stamp_us":1}'];
  const { recording } = recordingOf(
    said.map((_, handle) => sensor(handle, "imu", 0)),
    (handle) => said[handle],
  );
  expect(await frameIdsOf(recording)).toEqual(new Map());
});
