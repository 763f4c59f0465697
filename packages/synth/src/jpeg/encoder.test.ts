import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import decode, { init } from "@jsquash/jpeg/decode.js";
import { beforeAll, describe, expect, it } from "vitest";
import { JpegEncoder, Planes } from "./encoder.ts";

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm");
  await init({ wasmBinary: await readFile(wasm) });
});

/** A picture of slopes and edges, as planes with their padding. */
function picture(width: number, height: number): Planes {
  const planes = new Planes(width, height);
  for (let y = 0; y < planes.rows; y++) {
    for (let x = 0; x < planes.stride; x++)
      planes.brightness[y * planes.stride + x] = brightnessAt(x, y) - 128;
  }
  const half = planes.stride / 2;
  for (let y = 0; y < planes.rows / 2; y++) {
    for (let x = 0; x < half; x++) {
      planes.blueness[y * half + x] = x - 20;
      planes.redness[y * half + x] = 15 - y / 2;
    }
  }
  return planes;
}

function brightnessAt(x: number, y: number): number {
  return 60 + x + y / 2 + (x > 40 && y > 20 ? 70 : 0);
}

async function decoded(
  jpeg: Uint8Array,
): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const buffer = jpeg.buffer.slice(jpeg.byteOffset, jpeg.byteOffset + jpeg.byteLength);
  return decode(buffer as ArrayBuffer);
}

describe("JpegEncoder", () => {
  it.each([
    [95, 64, 48, 2.5],
    [80, 70, 50, 5],
    [30, 33, 17, 12],
  ])(
    "at quality %i and %i × %i is read back by another decoder",
    async (quality, width, height, tolerance) => {
      const image = await decoded(new JpegEncoder(quality).encode(picture(width, height)));
      expect([image.width, image.height]).toEqual([width, height]);
      let squares = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = 4 * (y * width + x);
          const [r = 0, g = 0, b = 0] = image.data.subarray(at, at + 3);
          const error = 0.299 * r + 0.587 * g + 0.114 * b - Math.min(255, brightnessAt(x, y));
          squares += error * error;
        }
      }
      expect(Math.sqrt(squares / (width * height))).toBeLessThan(tolerance);
      const [red = 0, , blue = 0] = image.data.subarray(0, 3);
      expect(red).toBeGreaterThan(blue + 30);
    },
  );

  it("gives the same bytes again, and fewer at lower quality", () => {
    const encoder = new JpegEncoder(80);
    const first = encoder.encode(picture(64, 48));
    expect(encoder.encode(picture(64, 48))).toEqual(first);
    expect(new JpegEncoder(20).encode(picture(64, 48)).length).toBeLessThan(first.length);
  });

  it("survives the strongest contrast", async () => {
    const planes = new Planes(16, 16);
    planes.brightness.forEach((_, i) => {
      planes.brightness[i] = (i + (i >> 4)) % 2 === 0 ? -128 : 127;
    });
    const image = await decoded(new JpegEncoder(100).encode(planes));
    expect(image.data[0]).toBeLessThan(10);
    expect(image.data[4]).toBeGreaterThan(245);
  });
});
