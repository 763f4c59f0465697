/** Provides the decoded pictures. */

import { Frame } from "../../generated/video-decoder/frames";
import { bytes, List, newList } from "../../generated/video-decoder/runtime";
import { cameras as all, findCamera } from "./cameras";

export function cameras(): List<u32> {
  const handles = newList<u32>(all.length);
  for (let i = 0; i < all.length; i++) handles[i] = all[i].handle;
  return handles;
}

export function latest(camera: u32, after: i64): Frame | null {
  const found = findCamera(camera);
  if (found == null || !found.hasPicture || found.timestamp <= after) return null;
  const frame = Frame.create();
  frame.camera = camera;
  frame.timestamp = found.timestamp;
  frame.sequence = found.sequence;
  frame.width = found.width;
  frame.height = found.height;
  frame.format = found.format;
  frame.pixels = bytes(found.pixels, found.size);
  return frame;
}
