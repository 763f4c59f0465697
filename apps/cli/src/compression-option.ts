import { Option } from "commander";

/** `--compression` of the commands that write recordings. */
export function compressionOption(): Option {
  return new Option("--compression <name>", "of the file that is written")
    .choices(["none", "lz4", "zstd"])
    .default("none");
}
