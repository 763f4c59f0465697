import { type ChannelDeclaration, sensorKindOf } from "@playhead/recording";
import { type Decoded, decoderOf } from "./decoded-message.ts";
import type { MessageSource } from "./source.ts";
import { WrappedSource } from "./wrapped-source.ts";

/** Calibrations come with the first pictures: what has none in so many messages is taken to have none. */
const SEARCHED_MESSAGES = 20_000;

/** Names of schemas. */
export const CALIBRATIONS = /^(sensor_msgs\/(msg\/)?CameraInfo|foxglove\.CameraCalibration)$/;

/**
 * The same recording, its cameras with the intrinsics that the recording has as messages (`sensor_msgs/CameraInfo`, `foxglove.CameraCalibration`) in
 * their channels' metadata (wit/PAYLOADS.md): the first calibration beside the camera's topic, such as `/front/camera_info` for `/front/image_raw`. What the
 * metadata say already stays.
 */
export async function withIntrinsics(source: MessageSource, signal?: AbortSignal): Promise<MessageSource> {
  const { channels } = source;
  const calibrationOf = channels.map((channel) => calibrationFor(channel, channels));
  const wanted = new Set(calibrationOf.filter((found) => found !== undefined));
  if (wanted.size === 0) return source;
  const found = await firstIntrinsics(source, wanted, signal);
  const described = channels.map((channel, index) => {
    const intrinsics = found.get(calibrationOf[index] ?? -1);
    return intrinsics === undefined
      ? channel
      : { ...channel, metadata: { ...channel.metadata, ...intrinsics } };
  });
  return new WrappedSource(source, () => (message) => message, described);
}

/** The channel with the calibration of a camera; undefined for what is no camera or needs none. */
function calibrationFor(
  { topic, schema, messageEncoding, metadata }: ChannelDeclaration,
  channels: readonly ChannelDeclaration[],
): number | undefined {
  const isCamera = schema !== undefined && sensorKindOf(schema.name, messageEncoding, topic) === "camera";
  if (!isCamera || metadata?.["camera.fx"] !== undefined) return undefined;
  const beside = channels.findIndex((other) => {
    if (!CALIBRATIONS.test(other.schema?.name ?? "")) return false;
    return (
      topic.startsWith(other.topic.slice(0, other.topic.lastIndexOf("/") + 1)) && isAlone(other, channels)
    );
  });
  return beside < 0 ? undefined : beside;
}

/** Whether a calibration's folder of topics has no other calibration in it: then its cameras are its own. */
function isAlone({ topic }: ChannelDeclaration, channels: readonly ChannelDeclaration[]): boolean {
  const folder = topic.slice(0, topic.lastIndexOf("/") + 1);
  const inside = channels.filter((other) => other.topic.startsWith(folder));
  return inside.filter(({ schema }) => CALIBRATIONS.test(schema?.name ?? "")).length === 1;
}

/** The intrinsics of the first message of each channel, by channel. */
async function firstIntrinsics(
  source: MessageSource,
  wanted: ReadonlySet<number>,
  signal: AbortSignal | undefined,
): Promise<Map<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  const seen = new Set<number>();
  let searched = 0;
  for await (const batch of source.messages(signal)) {
    for (const { channel, data } of batch) {
      if (!wanted.has(channel) || seen.has(channel)) continue;
      seen.add(channel);
      const intrinsics = intrinsicsOf(source.channels[channel] as ChannelDeclaration, data);
      if (intrinsics !== undefined) found.set(channel, intrinsics);
    }
    searched += batch.length;
    if (seen.size === wanted.size || searched >= SEARCHED_MESSAGES) break;
  }
  return found;
}

/** Of the matrix K: fx 0 cx, 0 fy cy, 0 0 1. Undefined where the message has none; a camera that is not calibrated has zeros. */
function intrinsicsOf(channel: ChannelDeclaration, data: Uint8Array): Record<string, string> | undefined {
  let message: Decoded | undefined;
  try {
    message = decoderOf(channel)?.(data);
  } catch {
    return undefined;
  }
  const matrix = (message?.K ?? message?.k) as ArrayLike<unknown> | undefined;
  const [fx, fy, cx, cy] = [0, 4, 2, 5].map((index) => Number(matrix?.[index]));
  const isCalibrated = [fx, fy, cx, cy].every(Number.isFinite) && Number(fx) > 0 && Number(fy) > 0;
  if (!isCalibrated) return undefined;
  return { "camera.fx": `${fx}`, "camera.fy": `${fy}`, "camera.cx": `${cx}`, "camera.cy": `${cy}` };
}
