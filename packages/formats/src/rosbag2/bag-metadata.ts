import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parse } from "yaml";

/** A real one has some ten KiB. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What a bag's `metadata.yaml` says, as far as reading needs it. */
export interface BagMetadata {
  /** Names in the bag's folder, in the order of the recording. */
  readonly files: readonly string[];
  readonly messageCount: number | undefined;
  /** Of the messages by themselves, or of whole files. */
  readonly compression: "message" | "file" | undefined;
  /** Such as `humble`; newer bags say it. */
  readonly release: string | undefined;
}

/** Reads a `metadata.yaml`. Throws an error with the reason. */
export async function readBagMetadata(path: string): Promise<BagMetadata> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new Error(`${path}: expected at most ${MOST_BYTES} bytes, found ${size}`);
  const content: unknown = parse(await readFile(path, "utf8"));
  const said = fieldOf(content, "rosbag2_bagfile_information");
  const files = fieldOf(said, "relative_file_paths");
  if (!Array.isArray(files) || files.length === 0)
    throw new Error(`${path}: expected a list relative_file_paths, found ${typeof files}`);
  const count = fieldOf(said, "message_count");
  const mode = String(fieldOf(said, "compression_mode") ?? "").toLowerCase();
  const release = fieldOf(said, "ros_distro");
  return {
    // Old bags name the folder too; files always lie in it.
    files: files.map((file) => basename(String(file))),
    messageCount: typeof count === "number" ? count : undefined,
    compression: mode === "message" || mode === "file" ? mode : undefined,
    release: typeof release === "string" ? release : undefined,
  };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
