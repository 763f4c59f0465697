import { createCanvas, loadImage } from "@napi-rs/canvas";
import { describe, expect, it } from "vitest";
import { cameraImage } from "./camera-image.ts";
import type { Canvas } from "./picture.ts";
import { inlineCameras, pictureToSvg } from "./picture-to-svg.ts";
import { rasterise } from "./rasterise.ts";

const red = { r: 255, g: 0, b: 0, a: 255 };

async function pixelsOf(png: Uint8Array): Promise<(x: number, y: number) => number[]> {
  const image = await loadImage(Buffer.from(png));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return (x, y) => Array.from(context.getImageData(x, y, 1, 1).data);
}

/** A canonical camera payload. */
function payload(format: number, width: number, height: number, data: number[]): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, format, true);
  view.setUint32(4, width, true);
  view.setUint32(8, height, true);
  bytes.set(data, 16);
  return bytes;
}

describe("pictures", () => {
  it("draws every operation of a canvas", async () => {
    const canvas: Canvas = {
      width: 40,
      height: 40,
      ops: [
        { tag: "fill-rect", val: [{ x: 0, y: 0, width: 10, height: 10 }, red] },
        { tag: "circle", val: { x: 30, y: 10, radius: 5, color: { ...red, r: 0, g: 255 } } },
        { tag: "polygon", val: { points: new Float32Array([0, 20, 10, 20, 10, 30, 0, 30]), color: red } },
        {
          tag: "polyline",
          val: { points: new Float32Array([20, 35, 40, 35]), color: red, width: 4, closed: false },
        },
        { tag: "text", val: { x: 12, y: 34, size: 10, anchor: "start", color: red, content: "a<b" } },
      ],
    };
    const document = pictureToSvg({ tag: "canvas", val: canvas });
    expect(document.svg).toContain("a&lt;b");
    const at = await pixelsOf(await rasterise(document));
    expect(at(5, 5)).toEqual([255, 0, 0, 255]);
    expect(at(30, 10)).toEqual([0, 255, 0, 255]);
    expect(at(5, 25)).toEqual([255, 0, 0, 255]);
    expect(at(30, 35)).toEqual([255, 0, 0, 255]);
    expect(at(35, 25)).toEqual([0, 0, 0, 0]);
  });

  it("shows an image of raw pixels, and refuses one of the wrong size", async () => {
    const data = new Uint8Array([0, 0, 255, 255]);
    const at = await pixelsOf(
      await rasterise(pictureToSvg({ tag: "image", val: { width: 1, height: 1, format: "rgba8", data } })),
    );
    expect(at(0, 0)).toEqual([0, 0, 255, 255]);
    expect(() => pictureToSvg({ tag: "image", val: { width: 2, height: 1, format: "rgba8", data } })).toThrow(
      "expected 8 bytes, found 4",
    );
  });

  it("puts camera pictures behind what is drawn over them", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="sensor:cam" width="4" height="4"/></svg>';
    const green = payload(3, 1, 1, [0, 255, 0]);
    const shown = pictureToSvg(
      { tag: "svg", val: svg },
      inlineCameras((name) => (name === "cam" ? green : undefined)),
    );
    expect((await pixelsOf(await rasterise(shown)))(2, 2)).toEqual([0, 255, 0, 255]);
    const broken = pictureToSvg(
      { tag: "svg", val: svg },
      inlineCameras(() => new Uint8Array(3)),
    );
    expect(broken.svg).not.toContain("<image");
  });

  it.each([
    ["gray8", payload(2, 1, 1, [128]), [128, 128, 128, 255]],
    ["bgr8", payload(4, 1, 1, [255, 0, 1]), [1, 0, 255, 255]],
    ["rgba8", payload(5, 1, 1, [9, 8, 7, 6]), [9, 8, 7, 255]],
    ["bgra8", payload(6, 1, 1, [9, 8, 7, 6]), [7, 8, 9, 255]],
    ["yuv420", payload(7, 1, 1, [76, 85, 255]), [254, 0, 0, 255]],
  ])("turns a %s camera payload into PNG", async (_name, bytes, expected) => {
    expect((await pixelsOf(cameraImage(bytes).data))(0, 0)).toEqual(expected);
  });

  it("refuses camera payloads that lie about their size", () => {
    expect(() => cameraImage(payload(3, 5000, 5000, [1]))).toThrow(
      "expected 75000000 bytes of pixels, found 1",
    );
    expect(() => cameraImage(payload(3, 2 ** 31, 1, [1]))).toThrow("pixels a side");
    expect(() => cameraImage(payload(99, 1, 1, [1]))).toThrow("format from 0 to 7");
  });

  it("draws the same letters on every machine", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15" font-family="DejaVu Sans" font-size="14" fill="#f00">Hello</text></svg>';
    const at = await pixelsOf(await rasterise(pictureToSvg({ tag: "svg", val: svg })));
    const inked = Array.from({ length: 60 * 20 }, (_, i) => at(i % 60, Math.floor(i / 60))[3] ?? 0).filter(
      (a) => a > 128,
    );
    expect(inked.length).toBeGreaterThan(80);
  });
});
