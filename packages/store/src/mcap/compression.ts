import zstd from "@foxglove/wasm-zstd";
import { decompressLz4 } from "@playhead/recording";
import { compressLz4 } from "./lz4-compress.ts";

/** How the chunks of a recording are compressed. */
export type Compression = "none" | "lz4" | "zstd";

/** Waits until the decoders are ready. */
export async function compressionReady(): Promise<void> {
  await zstd.isLoaded;
}

/**
 * `name` as a chunk says it; `sizeBytes` is what the chunk claims, already checked against a limit. Throws an error that says what is wrong.
 */
export function decompress(name: string, source: Uint8Array, sizeBytes: number): Uint8Array {
  if (name === "") return source;
  if (name === "lz4") return decompressLz4(source, sizeBytes);
  if (name !== "zstd")
    throw new Error(`expected a compression of "", "lz4" or "zstd", found "${name.slice(0, 40)}"`);
  const output = zstd.decompress(source, sizeBytes);
  if (output.byteLength !== sizeBytes) {
    throw new Error(`expected ${sizeBytes} bytes from Zstandard, found ${output.byteLength}`);
  }
  return new Uint8Array(output.buffer, output.byteOffset, output.byteLength);
}

/** Gives the bytes and the name that the chunk says. */
export function compress(compression: Compression, source: Uint8Array): { name: string; bytes: Uint8Array } {
  if (compression === "none") return { name: "", bytes: source };
  if (compression === "lz4") return { name: "lz4", bytes: compressLz4(source) };
  return { name: "zstd", bytes: zstd.compress(source) };
}
