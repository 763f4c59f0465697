import type { ChannelDeclaration } from "@playhead/recording";
import { expect, test } from "vitest";
import type { MessageSource, SourceMessage } from "./source.ts";
import { withIntrinsics } from "./with-intrinsics.ts";

const K = [500, 0, 320, 0, 510, 240, 0, 0, 1];
const intrinsics = { "camera.fx": "500", "camera.fy": "510", "camera.cx": "320", "camera.cy": "240" };

function channel(topic: string, name: string, messageEncoding = "json", definition = ""): ChannelDeclaration {
  const encoding = { ros1: "ros1msg", cdr: "ros2msg" }[messageEncoding] ?? "jsonschema";
  const schema = { name, encoding, data: text(definition) };
  return { topic, messageEncoding, schema, metadata: { own: "kept" } };
}

const camera = (topic: string): ChannelDeclaration => channel(topic, "foxglove.CompressedImage");
const calibration = (topic: string): ChannelDeclaration => channel(topic, "foxglove.CameraCalibration");

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** What the channels' metadata are, when each channel has the message. */
async function described(channels: readonly ChannelDeclaration[], data: (topic: string) => Uint8Array) {
  const messages = channels.map(({ topic }, index): SourceMessage => {
    return { channel: index, logTimeNs: 1n, publishTimeNs: 1n, data: data(topic) };
  });
  const source: MessageSource = {
    ...{ name: "some", format: "a test", channels, metadata: { a: "b" }, problems: [] },
    async *messages() {
      yield messages;
    },
    close: () => Promise.resolve(),
  };
  const wrapped = await withIntrinsics(source);
  const found: SourceMessage[] = [];
  for await (const batch of wrapped.messages()) found.push(...batch);
  expect(found).toEqual(messages);
  expect(wrapped.metadata).toEqual({ a: "b" });
  return Object.fromEntries(wrapped.channels.map(({ topic, metadata }) => [topic, metadata]));
}

const calibrated = (matrix: unknown) => () => text(JSON.stringify({ K: matrix }));

test("cameras have the intrinsics of the calibration beside them", async () => {
  const channels = [
    camera("/front/image"),
    calibration("/front/info"),
    camera("/rear/image"),
    camera("/front/raw/small"),
  ];
  const metadata = await described(channels, calibrated(K));
  expect(metadata["/front/image"]).toEqual({ own: "kept", ...intrinsics });
  expect(metadata["/front/raw/small"]).toEqual({ own: "kept", ...intrinsics });
  expect(metadata["/rear/image"]).toEqual({ own: "kept" });
  expect(metadata["/front/info"]).toEqual({ own: "kept" });
});

test("ROS messages have them too", async () => {
  const info = channel("/cam/camera_info", "sensor_msgs/CameraInfo", "ros1", "float64[9] K");
  const metadata = await described(
    [camera("/cam/image"), info],
    () => new Uint8Array(Float64Array.from(K).buffer),
  );
  expect(metadata["/cam/image"]).toMatchObject(intrinsics);
});

test("of a message that breaks off, none are taken from what lies behind", async () => {
  const info = channel("/cam/camera_info", "sensor_msgs/msg/CameraInfo", "cdr", "float64[9] k");
  const bytes = new Uint8Array(96);
  // Readers of ROS 2 look for aligned numbers: those begin behind a header of 4 bytes.
  bytes.set([0, 1], 4);
  bytes.set(new Uint8Array(Float64Array.from(K).buffer), 8);
  const of = (length: number) =>
    described([camera("/cam/image"), info], () => bytes.subarray(4, 4 + 4 + length));
  expect((await of(16))["/cam/image"]).toEqual({ own: "kept" });
  expect((await of(72))["/cam/image"]).toMatchObject(intrinsics);
});

test("where two calibrations are beside a camera, none is taken; nor what is none", async () => {
  const two = [camera("/image"), calibration("/left"), calibration("/right")];
  expect((await described(two, calibrated(K)))["/image"]).toEqual({ own: "kept" });
  const one = [camera("/image"), calibration("/info")];
  for (const matrix of [[0, 0, 0, 0, 0, 0, 0, 0, 0], [1], "text", undefined, null])
    expect((await described(one, calibrated(matrix)))["/image"]).toEqual({ own: "kept" });
  expect((await described(one, () => text("no JSON")))["/image"]).toEqual({ own: "kept" });
});

test("what a channel says itself stays", async () => {
  const own = { ...camera("/image"), metadata: { "camera.fx": "7" } };
  expect((await described([own, calibration("/info")], calibrated(K)))["/image"]).toEqual({
    "camera.fx": "7",
  });
});
