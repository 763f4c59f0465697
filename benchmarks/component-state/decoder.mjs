/**
 * The JPEG decoder of the ADAS pipeline as a compute-bound guest: one call decodes a picture of 640 × 360 pixels.
 */
import { readFileSync } from "node:fs";
import { decodeComponent, instantiate } from "../../packages/component-model/dist/index.js";
import { JpegEncoder, Planes } from "../../packages/synth/dist/jpeg/encoder.js";

const WIDTH = 640;
const HEIGHT = 360;
const path = new URL("../../components/build/adas/video-decoder.wasm", import.meta.url);

export const component = decodeComponent(readFileSync(path));

/** A camera payload (wit/PAYLOADS.md) of slopes, edges and a texture. */
function payload() {
  const planes = new Planes(WIDTH, HEIGHT);
  for (let y = 0; y < planes.rows; y++) {
    for (let x = 0; x < planes.stride; x++) {
      const texture = ((x * 7919) ^ (y * 104729)) & 31;
      planes.brightness[y * planes.stride + x] = ((x + y / 2) % 160) - 100 + texture + (x % 90 > 40 ? 50 : 0);
    }
  }
  const half = planes.stride / 2;
  for (let y = 0; y < planes.rows / 2; y++) {
    for (let x = 0; x < half; x++) {
      planes.blueness[y * half + x] = (x % 80) - 40;
      planes.redness[y * half + x] = 30 - (y % 60);
    }
  }
  const jpeg = new JpegEncoder(85).encode(planes);
  return Buffer.concat([new Uint8Array(16), jpeg]);
}

const picture = payload();

/** A decoder that is made with these options: `step` decodes the picture once more. */
export function decoder(options = {}) {
  let nowUs = 0;
  const headers = new DataView(new ArrayBuffer(40));
  const imports = {
    "playhead:sim/types@0.1.0": {},
    "playhead:sim/sensors@0.1.0": {
      listSensors: () => [
        { handle: 0, name: "/camera", kind: "camera", encoding: "", schema: "", rateHz: 25, metadata: "" },
      ],
      arrivedPacked: () => {
        headers.setBigInt64(0, BigInt(nowUs), true);
        headers.setBigUint64(8, BigInt(nowUs), true);
        headers.setUint32(24, picture.length, true);
        headers.setFloat32(28, 1, true);
        return { count: 1, headers: new Uint8Array(headers.buffer), payloads: picture };
      },
    },
    "playhead:sim/diagnostics@0.1.0": { log() {}, metric() {}, health() {} },
  };
  const instance = instantiate(component, { path: "decoder", ...options, imports });
  const unit = instance.exports["playhead:sim/component@0.1.0"];
  unit.init([]);
  return {
    instance,
    imports,
    step() {
      nowUs += 40_000;
      unit.step(BigInt(nowUs));
    },
    frame: () => instance.exports["adas:perception/frames@0.1.0"].latest(0, 0n),
  };
}
