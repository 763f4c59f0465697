import type { ChannelDeclaration } from "@playhead/recording";
import type { Transform } from "../kitti/transform.ts";
import type { FramePlacement } from "./frame-tree.ts";

type Values = Readonly<Record<string, unknown>>;

const ROS_TRANSFORMS = /^tf2_msgs\/(msg\/)?TFMessage$|^tf\/(msg\/)?tfMessage$/;
const FOXGLOVE_TRANSFORMS = /^foxglove\.FrameTransforms?$/;

/** Whether a channel places frames that may not move: ROS says so by the topic, Foxglove's do not say it. */
export function placesFrames({ topic, schema }: ChannelDeclaration): boolean {
  const name = schema?.name ?? "";
  return FOXGLOVE_TRANSFORMS.test(name) || (ROS_TRANSFORMS.test(name) && topic.endsWith("tf_static"));
}

/** Whether a channel has transforms, of frames that may move too. */
export function hasTransforms({ schema }: ChannelDeclaration): boolean {
  const name = schema?.name ?? "";
  return FOXGLOVE_TRANSFORMS.test(name) || ROS_TRANSFORMS.test(name);
}

/** The most transforms that are taken of a message. */
const MOST_TRANSFORMS = 10_000;

/**
 * What a message of such a channel places, as far as it can be used: `tf2_msgs/TFMessage`, `foxglove.FrameTransform` or a list of those, decoded. Frames are
 * named without the slash that old names begin with.
 */
export function placementsIn(message: unknown): FramePlacement[] {
  if (!isValues(message)) return [];
  const list = message.transforms;
  const transforms = Array.isArray(list) ? list.slice(0, MOST_TRANSFORMS) : [message];
  return transforms.map(placementOf).filter((placement) => placement !== undefined);
}

/** Old names begin with a slash. */
export function frameName(name: string): string {
  return name.replace(/^\//, "");
}

function placementOf(value: unknown): FramePlacement | undefined {
  if (!isValues(value)) return undefined;
  const { header, transform } = value;
  const isRos = isValues(header) && isValues(transform);
  const [parent, child] = isRos
    ? [header.frame_id, value.child_frame_id]
    : [value.parent_frame_id, value.child_frame_id];
  const { translation, rotation } = isRos ? transform : value;
  if (typeof parent !== "string" || typeof child !== "string") return undefined;
  const names = { parent: frameName(parent), child: frameName(child) };
  const placed = transformOf(translation, rotation);
  const isUsable = names.parent !== "" && names.child !== "" && names.parent !== names.child;
  return isUsable && placed !== undefined ? { ...names, transform: placed } : undefined;
}

/** What protobuf leaves out is zero; a rotation that is left out is none. */
function transformOf(translation: unknown, rotation: unknown): Transform | undefined {
  const [x, y, z] = numbers(translation, ["x", "y", "z"]);
  const [qx, qy, qz, qw] = rotation === undefined ? [0, 0, 0, 1] : numbers(rotation, ["x", "y", "z", "w"]);
  if (x === undefined || y === undefined || z === undefined) return undefined;
  if (qx === undefined || qy === undefined || qz === undefined || qw === undefined) return undefined;
  const square = qx * qx + qy * qy + qz * qz + qw * qw;
  if (!Number.isFinite(square) || square < 1e-6) return undefined;
  return { rotation: rotationOf(qx, qy, qz, qw, 2 / square), translation: [x, y, z] };
}

/** The matrix of a quaternion of any length; `scale` is 2 / |q|². */
function rotationOf(x: number, y: number, z: number, w: number, scale: number): number[] {
  return [
    ...[1 - scale * (y * y + z * z), scale * (x * y - z * w), scale * (x * z + y * w)],
    ...[scale * (x * y + z * w), 1 - scale * (x * x + z * z), scale * (y * z - x * w)],
    ...[scale * (x * z - y * w), scale * (y * z + x * w), 1 - scale * (x * x + y * y)],
  ];
}

function numbers(value: unknown, keys: readonly string[]): (number | undefined)[] {
  const fields = isValues(value) ? value : {};
  return keys.map((key) => {
    const number = Number(fields[key] ?? 0);
    return Number.isFinite(number) ? number : undefined;
  });
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
