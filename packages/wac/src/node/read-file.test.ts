import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBytes, readText } from "./read-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-file-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("files", () => {
  test("are read up to a limit, and no further", async () => {
    const path = join(folder, "four");
    await writeFile(path, "four");
    expect(await readText(path, 4)).toBe("four");
    await expect(readBytes(path, 3)).rejects.toMatchObject({ code: "file-too-large" });
  });

  test("that are larger than anything of their kind are not read at all", async () => {
    const path = join(folder, "sparse");
    await writeFile(path, "");
    await truncate(path, 2 ** 32);
    await expect(readText(path)).rejects.toThrow(`${path}: expected at most 16 MiB, found more`);
    await expect(readBytes(path)).rejects.toThrow("expected at most 1024 MiB");
  });

  test.skipIf(process.platform === "win32")("that never end are read up to the limit too", async () => {
    await expect(readBytes("/dev/zero", 1 << 20)).rejects.toMatchObject({ code: "file-too-large" });
    expect(await readText("/dev/null")).toBe("");
  });

  test("that cannot be read are named", async () => {
    const missing = join(folder, "missing");
    await expect(readText(missing)).rejects.toMatchObject({ code: "ENOENT", path: missing });
    await expect(readText(folder)).rejects.toMatchObject({ code: "EISDIR", path: folder });
  });
});
