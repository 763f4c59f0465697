import type { Random } from "@playhead/exact-math";
import { JpegEncoder } from "../jpeg/encoder.ts";
import { cameraMount, intrinsics } from "../picture/lens.ts";
import { ScenePainter } from "../picture/scene-painter.ts";
import { RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { compressedImage } from "../ros/schemas.ts";
import type { World } from "../world/world.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/camera/front/compressed";
const quality = 80;

/** The front camera: JPEG, 640 × 360, 30 Hz. */
export function frontCamera(world: World, random: Random): Instrument {
  const painter = new ScenePainter(world, random);
  const encoder = new JpegEncoder(quality);
  const writer = new RosWriter(compressedImage);
  const noise = random.fork("exposure");
  const { fx, fy, cx, cy } = intrinsics;
  const metadata = {
    ...mountMetadata(cameraMount),
    "camera.fx": String(fx),
    "camera.fy": String(fy),
    "camera.cx": String(cx),
    "camera.cy": String(cy),
  };
  return {
    channel: rosChannel(topic, compressedImage, metadata),
    series: [
      {
        dueUs: steadily(30, 4_000),
        measure(moment) {
          const data = encoder.encode(painter.paint(moment.scene(), noise));
          return writer.write({ header: stampOf(moment.timeUs, "camera_front"), format: "jpeg", data });
        },
      },
    ],
  };
}
