import type { ChannelDeclaration } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { withMounting } from "../mounting/with-mounting.ts";
import { jsonBytes } from "../ros2/json-channel.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { inFoxgloveSchemas } from "./foxglove-source.ts";
import { official } from "./official.case.ts";

interface Given {
  readonly topic: string;
  /** Of Foxglove's, in JSON. */
  readonly schema: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly messages: readonly object[];
}

/** Messages come one after the other, one of each channel, 1 s apart. */
function recordingOf(given: readonly Given[]): MessageSource {
  const channels = given.map(
    ({ topic, schema: name, metadata = {} }): ChannelDeclaration => ({
      ...{ topic, messageEncoding: "json", metadata },
      schema: { name: `foxglove.${name}`, encoding: "jsonschema", data: new Uint8Array(0) },
    }),
  );
  const most = Math.max(...given.map(({ messages }) => messages.length));
  const messages = Array.from({ length: most }, (_, count) => count).flatMap((count) =>
    given.flatMap(({ messages: own }, channel): SourceMessage[] => {
      const message = own[count];
      const logTimeNs = BigInt(count) * 1_000_000_000n + BigInt(channel);
      return message === undefined
        ? []
        : [{ channel, logTimeNs, publishTimeNs: logTimeNs, data: jsonBytes(message) }];
    }),
  );
  return {
    ...{ name: "some", format: "a test", channels, metadata: {}, problems: [] },
    async *messages() {
      for (const message of messages) yield [message];
    },
    close: () => Promise.resolve(),
  };
}

interface Said {
  readonly topic: string;
  readonly schema: string;
  readonly timeNs: bigint;
  readonly message: unknown;
  /** The topic of the message behind it. */
  readonly before: string | undefined;
}

/** What is added to a recording, as the reference reads it. */
async function saidOf(source: MessageSource) {
  const converted = await inFoxgloveSchemas(source);
  const root = official();
  const all: SourceMessage[] = [];
  for await (const batch of converted.messages()) all.push(...batch);
  const topicOf = ({ channel }: SourceMessage) => converted.channels[channel]?.topic ?? "";
  const said = all.flatMap((message, index): Said[] => {
    const name = converted.channels[message.channel]?.schema?.name ?? "";
    if (message.channel < source.channels.length) return [];
    const type = root.lookupType(name);
    const decoded = type.toObject(type.decode(message.data), { longs: Number, defaults: true });
    const next = all[index + 1];
    return [
      {
        ...{ topic: topicOf(message), schema: name, timeNs: message.logTimeNs, message: decoded },
        before: next === undefined ? undefined : topicOf(next),
      },
    ];
  });
  const added = converted.channels.slice(source.channels.length).map(({ topic }) => topic);
  return { said, added, problems: converted.problems, all, converted };
}

const timestamp = { sec: 7, nsec: 123456789 };
const INTRINSICS = { "camera.fx": "500", "camera.fy": "510", "camera.cx": "320.5", "camera.cy": "180" };
const RAW = { ...{ timestamp, frame_id: "cam", width: 640, height: 360, encoding: "16UC1" }, step: 0 };

const PLACE = { "mount.x": "1.5", "mount.y": "-0.25", "mount.z": "0.75" };
const TURNED = { ...PLACE, "mount.roll": "0.1", "mount.pitch": "-0.2", "mount.yaw": "2.5" };

const camera = (topic: string, ...messages: object[]): Given => ({
  ...{ topic, schema: "RawImage", metadata: INTRINSICS },
  messages: messages.length === 0 ? [RAW, RAW] : messages,
});

describe("intrinsics of cameras", () => {
  test("are a calibration before the first picture, once, at its time", async () => {
    const { said, problems } = await saidOf(recordingOf([camera("/camera/front/image")]));
    expect(problems).toEqual([]);
    expect(said).toEqual([
      {
        ...{ topic: "/camera/front/calibration", schema: "foxglove.CameraCalibration" },
        ...{ timeNs: 0n, before: "/camera/front/image" },
        message: {
          timestamp: { seconds: 7, nanos: 123456789 },
          ...{ frame_id: "cam", width: 640, height: 360, distortion_model: "", D: [] },
          K: [500, 0, 320.5, 0, 510, 180, 0, 0, 1],
          R: [1, 0, 0, 0, 1, 0, 0, 0, 1],
          P: [500, 0, 320.5, 0, 0, 510, 180, 0, 0, 0, 1, 0],
        },
      },
    ]);
  });

  test("come again whenever the recording is read again", async () => {
    const { converted, all } = await saidOf(recordingOf([camera("/camera/front/image")]));
    const again: SourceMessage[] = [];
    for await (const batch of converted.messages()) again.push(...batch);
    expect(again).toEqual(all);
    expect(again).toHaveLength(3);
  });

  test("of compressed pictures have the size that those say", async () => {
    const jpeg = [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 2, 28, 3, 192, 3];
    const message = (data: readonly number[]) => ({
      ...{ timestamp, frame_id: "cam", format: "jpeg", data: Buffer.from(data).toString("base64") },
    });
    const front = { ...camera("/front/image", message([1]), message(jpeg)), schema: "CompressedImage" };
    const { said } = await saidOf(recordingOf([front]));
    expect(said).toMatchObject([{ timeNs: 1_000_000_000n, message: { width: 960, height: 540 } }]);
  });

  test("of pictures that tell no size are left to the metadata, and that is said", async () => {
    const message = { timestamp, frame_id: "cam", format: "webp", data: "UklGRg==" };
    const messages = Array.from({ length: 10 }, () => message);
    const front = { ...camera("/front/image", ...messages), schema: "CompressedImage" };
    const { added, problems } = await saidOf(recordingOf([front]));
    expect(added).toEqual([]);
    expect(problems).toMatchObject([
      {
        ...{ code: "not-converted", sensor: "/front/image" },
        message: expect.stringMatching(
          /expected a picture that tells its size .*left to the channel's metadata/,
        ),
      },
    ]);
    const placed = { ...front, metadata: { ...front.metadata, ...PLACE } };
    expect((await saidOf(recordingOf([placed]))).said).toMatchObject([{ topic: "/tf_static" }]);
  });

  test("go beside the camera, each of several in one folder behind its own", async () => {
    const topicsOf = async (...topics: string[]) =>
      (await saidOf(recordingOf(topics.map((topic) => camera(topic))))).added;
    expect(await topicsOf("/front/image", "/rear/image")).toEqual([
      "/front/calibration",
      "/rear/calibration",
    ]);
    expect(await topicsOf("/stereo/left", "/stereo/right")).toEqual([
      "/stereo/left/calibration",
      "/stereo/right/calibration",
    ]);
    expect(await topicsOf("/image", "image")).toEqual(["/image/calibration", "image/calibration"]);
  });

  test("are left where the recording has calibrations beside the camera, its own conversion too", async () => {
    const own = { topic: "/front/info", schema: "CameraCalibration", messages: [{ timestamp }] };
    expect((await saidOf(recordingOf([camera("/front/image/raw"), own]))).added).toEqual([]);
    const { converted } = await saidOf(recordingOf([camera("/stereo/left"), camera("/stereo/right")]));
    expect((await saidOf(converted)).added).toEqual([]);
  });

  test("that are no intrinsics are none", async () => {
    const odd = { ...camera("/front/image"), metadata: { ...INTRINSICS, "camera.fy": "wide" } };
    expect((await saidOf(recordingOf([odd]))).added).toEqual([]);
  });
});

const fix = (topic: string, frame_id: string, metadata: Record<string, string>): Given => ({
  ...{ topic, schema: "LocationFix", metadata },
  messages: [{ timestamp, frame_id, latitude: 1, longitude: 2, altitude: 3 }],
});

const transforms = (child_frame_id: string): Given => ({
  ...{ topic: "/transforms", schema: "FrameTransform" },
  messages: [{ timestamp, parent_frame_id: "base_link", child_frame_id, translation: { x: 9, y: 0, z: 0 } }],
});

describe("mountings of sensors", () => {
  test("are transforms to the vehicle's frame before the sensor's first message; the latest has all", async () => {
    const given = [
      fix("/gps", "antenna", PLACE),
      fix("/rear", "rear", { ...PLACE, "mount.frame": "chassis" }),
    ];
    const { said, problems } = await saidOf(recordingOf(given));
    expect(problems).toEqual([]);
    expect(said).toMatchObject([
      { topic: "/tf_static", schema: "foxglove.FrameTransforms", timeNs: 0n, before: "/gps" },
      { timeNs: 1n, before: "/rear" },
    ]);
    expect(said[1]?.message).toEqual({
      transforms: [
        {
          ...{ timestamp: { seconds: 7, nanos: 123456789 }, parent_frame_id: "base_link" },
          child_frame_id: "antenna",
          translation: { x: 1.5, y: -0.25, z: 0.75 },
          rotation: { x: 0, y: 0, z: 0, w: 1 },
        },
        expect.objectContaining({ parent_frame_id: "chassis", child_frame_id: "rear" }),
      ],
    });
  });

  test("give the same mountings when they are imported without the metadata", async () => {
    const gray = { ...RAW, ...{ width: 1, height: 1, step: 1, encoding: "mono8", data: "AA==" } };
    const front = { ...camera("/front/image", gray), metadata: TURNED };
    const { converted } = await saidOf(recordingOf([front, fix("/gps", "antenna", TURNED)]));
    const channels = converted.channels.map((channel) => ({ ...channel, metadata: {} }));
    const bare: MessageSource = {
      ...{ name: "bare", format: "a test", channels, metadata: {}, problems: [] },
      messages: () => converted.messages(),
      close: () => Promise.resolve(),
    };
    const mounted = await withMounting(bare);
    for (const { metadata } of mounted.channels.slice(0, 2))
      expect(metadata).toEqual({ ...TURNED, "mount.frame": "base_link" });
  });

  test("are left where the recording has transforms of the frame itself", async () => {
    const given = [fix("/gps", "/antenna", PLACE), fix("/rear", "rear", PLACE), transforms("antenna")];
    const { said } = await saidOf(recordingOf(given));
    expect(said).toMatchObject([{ message: { transforms: [{ child_frame_id: "rear" }] } }]);
    expect((await saidOf(recordingOf([given[0] as Given, transforms("antenna")]))).added).toEqual([]);
  });

  test("are left where messages say no frame, or the vehicle's own", async () => {
    expect(
      (await saidOf(recordingOf([fix("/gps", "", PLACE), fix("/b", "base_link", PLACE)]))).added,
    ).toEqual([]);
  });

  test("that contradict each other: the first stays, and that is said", async () => {
    const given = [
      fix("/gps", "rig", PLACE),
      fix("/same", "/rig", PLACE),
      fix("/other", "rig", { ...PLACE, "mount.x": "2" }),
    ];
    const { said, problems } = await saidOf(recordingOf(given));
    expect(said).toHaveLength(1);
    expect(problems).toMatchObject([
      { sensor: "/other", message: expect.stringMatching(/another sensor's metadata give of frame rig/) },
    ]);
  });

  test("go to another topic where theirs is taken", async () => {
    const taken = { ...transforms("map"), topic: "/tf_static" };
    const { added } = await saidOf(recordingOf([fix("/gps", "antenna", PLACE), taken]));
    expect(added).toEqual(["/sensor_frames"]);
  });
});
