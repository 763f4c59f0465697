import { stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { parsePostgresUrl } from "@playhead/store";
import { isAddress } from "./refuse-addresses.ts";

/** What a recording is called where nobody names it: in a database as it is there, a folder as it is, a file without its ending. */
export async function recordingName(given: string): Promise<string> {
  if (isAddress(given)) return parsePostgresUrl(given).recording ?? "";
  const path = resolve(given);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? basename(path) : basename(path, extname(path));
}
