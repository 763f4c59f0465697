import { cos, sin } from "@playhead/exact-math";
import type { ChannelDeclaration } from "@playhead/recording";
import { isCamera } from "./camera-calibration.ts";
import { quaternion, timestamp, vector } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** Where a sensor's frame lies in the vehicle's. */
export interface SensorPlace {
  readonly parent: string;
  /** m. */
  readonly translation: Triple;
  /** x, y, z, w. */
  readonly rotation: Quaternion;
}

type Triple = readonly [x: number, y: number, z: number];
type Quaternion = readonly [x: number, y: number, z: number, w: number];

/** What the vehicle's frame is called where the recording does not say (REP 105). */
const BASE_FRAME = "base_link";

/** Frames of cameras have z forward and x to the right by convention of viewers; mountings have x forward and y to the left. */
const CAMERA_IN_FORWARD: Quaternion = [-0.5, 0.5, -0.5, 0.5];

const PLACE_KEYS = ["x", "y", "z", "roll", "pitch", "yaw"];

/** What a channel says of its sensor's place (`mount.…`, wit/PAYLOADS.md), of which any may be missing; undefined where it says nothing that can be used. */
export function placeOf(channel: ChannelDeclaration): SensorPlace | undefined {
  const { metadata = {} } = channel;
  const said = PLACE_KEYS.map((key) => metadata[`mount.${key}`]);
  if (said.every((value) => value === undefined)) return undefined;
  const [x, y, z, roll, pitch, yaw] = said.map((value) => Number(value ?? 0)) as [...Triple, ...Triple];
  if (!Number.isFinite(x + y + z + roll + pitch + yaw)) return undefined;
  const turned = turn(roll, pitch, yaw);
  return {
    parent: metadata["mount.frame"] ?? BASE_FRAME,
    translation: [x, y, z],
    rotation: isCamera(channel) ? multiply(turned, CAMERA_IN_FORWARD) : turned,
  };
}

/** First roll about x, then pitch about y, then yaw about z. */
function turn(roll: number, pitch: number, yaw: number): Quaternion {
  const [aboutX, aboutY, aboutZ] = [half(roll), half(pitch), half(yaw)];
  return multiply(multiply([0, 0, aboutZ.sin, aboutZ.cos], [0, aboutY.sin, 0, aboutY.cos]), [
    aboutX.sin,
    0,
    0,
    aboutX.cos,
  ]);
}

function half(angle: number): { readonly sin: number; readonly cos: number } {
  return { sin: sin(angle / 2), cos: cos(angle / 2) };
}

/** First `b`, then `a`. */
function multiply([ax, ay, az, aw]: Quaternion, [bx, by, bz, bw]: Quaternion): Quaternion {
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** A `foxglove.FrameTransforms` of frames by their names. */
export function frameTransforms(places: ReadonlyMap<string, SensorPlace>, stampNs: bigint): Uint8Array {
  const list = new ProtobufWriter();
  for (const [child, { parent, translation, rotation }] of places)
    list.message(
      1,
      new ProtobufWriter()
        .message(1, timestamp({ stampNs }))
        .text(2, parent)
        .text(3, child)
        .message(4, vector(...translation))
        .message(5, quaternion(...rotation)),
    );
  return list.finish();
}
