import { parse } from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import type { ChannelDeclaration } from "@playhead/recording";
import { expect, test } from "vitest";
import { standardText } from "../rosbag2/definitions.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { withMounting } from "./with-mounting.ts";

interface Given {
  readonly topic: string;
  /** The name of its schema. */
  readonly name: string;
  readonly message: unknown;
  readonly timeS?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Whether it is a message of ROS 2, in CDR. */
  readonly isRos?: boolean;
}

async function mountsOf(given: readonly Given[]): Promise<Record<string, ChannelDeclaration["metadata"]>> {
  const topics = [...new Set(given.map(({ topic }) => topic))];
  const channels = topics.map((topic): ChannelDeclaration => {
    const { name = "", metadata = {}, isRos = false } = given.find((one) => one.topic === topic) ?? {};
    const data = new TextEncoder().encode(isRos ? definitionOf(name) : "");
    const schema = { name, encoding: isRos ? "ros2msg" : "jsonschema", data };
    return { topic, messageEncoding: isRos ? "cdr" : "json", schema, metadata };
  });
  const messages = given.map(({ topic, name, message, timeS = 0, isRos }): SourceMessage => {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    const data = isRos === true ? inCdr(name, message) : new TextEncoder().encode(text);
    const logTimeNs = BigInt(timeS) * 1_000_000_000n;
    return { channel: topics.indexOf(topic), logTimeNs, publishTimeNs: 1n, data };
  });
  const source: MessageSource = {
    ...{ name: "some", format: "a test", channels, metadata: {}, problems: [] },
    async *messages() {
      yield messages;
    },
    close: () => Promise.resolve(),
  };
  const wrapped = await withMounting(source);
  const found: SourceMessage[] = [];
  for await (const batch of wrapped.messages()) found.push(...batch);
  expect(found).toEqual(messages);
  return Object.fromEntries(wrapped.channels.map(({ topic, metadata }) => [topic, metadata]));
}

function definitionOf(name: string): string {
  return standardText(name, "humble") ?? "";
}

function inCdr(name: string, message: unknown): Uint8Array {
  return new MessageWriter(parse(definitionOf(name), { ros2: true })).writeMessage(message);
}

const gps = (topic: string, frame_id: string, timeS = 0): Given => ({
  ...{ topic, timeS, name: "foxglove.LocationFix" },
  message: { timestamp: { sec: 1, nsec: 0 }, frame_id, latitude: 1, longitude: 2 },
});

/** A JPEG of no content. */
const camera = (topic: string, frame_id: string): Given => ({
  ...{ topic, name: "foxglove.CompressedImage" },
  message: { timestamp: { sec: 1, nsec: 0 }, frame_id, format: "jpeg", data: "/9j/2Q==" },
});

const QUARTER_LEFT = { x: 0, y: 0, z: Math.SQRT1_2, w: Math.SQRT1_2 };

function at(parent_frame_id: string, child_frame_id: string, [x = 0, y = 0, z = 0], rotation?: unknown) {
  return { parent_frame_id, child_frame_id, translation: { x, y, z }, rotation };
}

const placed = (...transforms: unknown[]): Given => ({
  ...{ topic: "/static", name: "foxglove.FrameTransforms" },
  message: { transforms },
});

/** As ROS names it; the topic decides. */
const ros = (topic: string, parent: string, child: string, x: number): Given => {
  const [translation, rotation] = [
    { x, y: 0, z: 0 },
    { x: 0, y: 0, z: 0, w: 1 },
  ];
  const transform = {
    header: { frame_id: parent },
    child_frame_id: child,
    transform: { translation, rotation },
  };
  return { topic, name: "tf2_msgs/msg/TFMessage", message: { transforms: [transform] } };
};

const mount = (frame: string, x: number, y: number, z: number, yaw = 0) => ({
  ...{ "mount.x": `${x}`, "mount.y": `${y}`, "mount.z": `${z}` },
  ...{ "mount.roll": "0", "mount.pitch": "0", "mount.yaw": `${yaw}`, "mount.frame": frame },
});

test("sensors are placed by a chain of transforms to the vehicle's frame", async () => {
  const mounts = await mountsOf([
    gps("/gps", "antenna"),
    gps("/deep", "deep"),
    gps("/self", "/base_link"),
    gps("/elsewhere", "unknown"),
    gps("/frameless", ""),
    placed(at("map", "base_footprint", [5, 5, 5]), at("base_footprint", "base_link", [0, 0, 1])),
    placed(
      at("base_link", "antenna", [1, 2, 3], {
        ...QUARTER_LEFT,
        w: 2 * QUARTER_LEFT.w,
        z: 2 * QUARTER_LEFT.z,
      }),
    ),
    placed(at("antenna", "deep", [1, 0, 0]), at("base_footprint", "beside", [1, 1, 1])),
    gps("/beside", "beside"),
  ]);
  expect(mounts).toEqual({
    "/gps": mount("base_link", 1, 2, 3, 1.570796),
    "/deep": mount("base_link", 1, 3, 3, 1.570796),
    "/self": mount("base_link", 0, 0, 0),
    "/beside": mount("base_link", 1, 1, 0),
    ...{ "/elsewhere": {}, "/frameless": {}, "/static": {} },
  });
});

test("cameras look along x, whatever their frames do", async () => {
  // By convention x of a camera's frame points to the right and z forward.
  const optical = { x: -0.5, y: 0.5, z: -0.5, w: 0.5 };
  const mounts = await mountsOf([
    camera("/image", "eye"),
    placed(at("base_link", "eye", [1, 0, 2], optical)),
  ]);
  expect(mounts["/image"]).toEqual(mount("base_link", 1, 0, 2));
});

test("of ROS, static transforms count; without base_link, the only root does, unless it is the world's", async () => {
  const static_ = ros("/tf_static", "/chassis", "antenna", 4);
  expect((await mountsOf([gps("/gps", "antenna"), static_]))["/gps"]).toEqual(mount("chassis", 4, 0, 0));
  expect((await mountsOf([gps("/gps", "antenna"), ros("/tf", "base_link", "antenna", 4)]))["/gps"]).toEqual(
    {},
  );
  const other = placed(at("rover", "wheel", [1]));
  expect((await mountsOf([gps("/gps", "antenna"), static_, other]))["/gps"]).toEqual({});
  const world = ros("/tf_static", "map", "antenna", 4);
  expect((await mountsOf([gps("/gps", "antenna"), world]))["/gps"]).toEqual({});
});

test("of ROS 2 in its own encoding", async () => {
  const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: "antenna" };
  const fix = { header, latitude: 1, longitude: 2, altitude: 3 };
  const mounts = await mountsOf([
    { ...ros("/tf_static", "base_link", "antenna", 4), isRos: true },
    { topic: "/fix", name: "sensor_msgs/msg/NavSatFix", message: fix, isRos: true },
  ]);
  expect(mounts["/fix"]).toEqual(mount("base_link", 4, 0, 0));
});

test("what moves places nothing, nor do circles, halves and what comes late", async () => {
  const moving = [placed(at("base_link", "arm", [1])), placed(at("base_link", "arm", [2]))];
  expect((await mountsOf([gps("/gps", "arm"), ...moving]))["/gps"]).toEqual({});
  const circle = placed(at("base_link", "a", [1]), at("b", "base_link", [1]), at("a", "b", [1]));
  expect((await mountsOf([gps("/gps", "a"), circle]))["/gps"]).toEqual({});
  for (const half of [
    ...[null, 5, { transforms: [null, 7, {}] }, "no JSON", at("base_link", "", [1])],
    { ...at("base_link", "a", [1]), translation: { x: "far" } },
    at("base_link", "a", [1], { x: 0, y: 0, z: 0, w: 0 }),
  ])
    expect((await mountsOf([gps("/gps", "a"), { ...placed(), message: half }]))["/gps"]).toEqual({});
  const late = { ...placed(at("base_link", "a", [1])), timeS: 11 };
  expect((await mountsOf([gps("/gps", "a"), late]))["/gps"]).toEqual({});
});

test("what a channel says itself stays", async () => {
  const own = { ...gps("/gps", "a"), metadata: { "mount.x": "7" } };
  expect((await mountsOf([own, placed(at("base_link", "a", [1]))]))["/gps"]).toEqual({ "mount.x": "7" });
});
