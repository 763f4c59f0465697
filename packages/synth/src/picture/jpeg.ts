import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import encode, { init } from "@jsquash/jpeg/encode.js";

/** Plain and fast: baseline, standard Huffman tables. */
const options = { quality: 80, baseline: true, progressive: false, optimize_coding: false };

/** Compresses a picture (red, green, blue, 255 per pixel) as JPEG; the same bytes on every machine. */
export type JpegEncoder = (rgba: Uint8ClampedArray, width: number, height: number) => Promise<Uint8Array>;

/** Loads the encoder (mozjpeg as WebAssembly). */
export async function loadJpegEncoder(): Promise<JpegEncoder> {
  const path = createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm");
  await init({ wasmBinary: await readFile(path) });
  return async (data, width, height) =>
    new Uint8Array(await encode({ data, width, height, colorSpace: "srgb" }, options));
}
