import { open } from "node:fs/promises";

/** More is no picture, cloud or line of figures. */
const MOST_BYTES = 512 * 1024 * 1024;

/** All bytes of a file of bounded size. Throws an Error that says what is wrong. */
export async function readItem(path: string, mostBytes = MOST_BYTES): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (size > mostBytes) throw new Error(`expected at most ${mostBytes} bytes, found ${size}`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
