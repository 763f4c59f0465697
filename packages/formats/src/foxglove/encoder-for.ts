import { type ChannelDeclaration, isPointCloud, sensorKindOf } from "@playhead/recording";
import type { ChannelEncoder, ChannelMessage, NoSchema } from "./channel-encoder.ts";
import { compressedImages } from "./compressed-images.ts";
import { laserScans } from "./laser-scans.ts";
import { locationFixes } from "./location-fixes.ts";
import { pointClouds } from "./point-clouds.ts";
import { rawImages } from "./raw-images.ts";

/** Whether a channel's messages are to become those of one of Foxglove's schemas: cameras, clouds, scans and positions that are not yet. */
export function isConvertible({ schema, messageEncoding, topic }: ChannelDeclaration): boolean {
  if (schema === undefined || schema.name.startsWith("foxglove.")) return false;
  const kind = sensorKindOf(schema.name, messageEncoding, topic);
  return (
    isPointCloud(schema.name, messageEncoding) || kind === "lidar" || kind === "gps" || kind === "camera"
  );
}

/**
 * How the messages of a convertible channel become those of one of Foxglove's schemas, or why none fits. `first` is a message of it; without, it is
 * taken to have what channels of its type usually have.
 */
export function encoderFor(
  channel: ChannelDeclaration,
  first: ChannelMessage | undefined,
): ChannelEncoder | NoSchema {
  const { messageEncoding, topic } = channel;
  const name = channel.schema?.name ?? "";
  if (isPointCloud(name, messageEncoding)) return pointClouds(channel, first);
  const kind = sensorKindOf(name, messageEncoding, topic);
  // What else a lidar has are scans in a plane.
  if (kind === "lidar") return laserScans;
  if (kind === "gps") return locationFixes;
  return name.endsWith("CompressedImage") ? compressedImages(first) : rawImages(first);
}
