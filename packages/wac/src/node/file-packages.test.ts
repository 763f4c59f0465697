import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FilePackages, parsePackageOverride } from "./file-packages.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "wac-"));
  await mkdir(join(directory, "adas/decoder"), { recursive: true });
  await mkdir(join(directory, "adas/tools"), { recursive: true });
  await writeFile(join(directory, "adas/decoder.wasm"), "unversioned");
  await writeFile(join(directory, "adas/decoder/1.0.0.wasm"), "1.0.0");
  await writeFile(join(directory, "adas/tools/fusion.wasm"), "fusion");
  await writeFile(join(directory, "other.wasm"), "other");
});

afterAll(() => rm(directory, { recursive: true }));

async function find(
  name: string,
  version?: string,
  overrides?: ReadonlyMap<string, string>,
): Promise<string> {
  const answer = await new FilePackages({ directories: [directory], overrides }).find({ name, version });
  return answer.bytes === undefined ? "missing" : new TextDecoder().decode(answer.bytes);
}

describe("packages from files", () => {
  test("lie in folders after their names", async () => {
    expect(await find("adas:decoder")).toBe("unversioned");
    expect(await find("adas:decoder", "1.0.0")).toBe("1.0.0");
    expect(await find("adas:tools:fusion")).toBe("fusion");
  });

  test("are the ones that were asked for: another version is none", async () => {
    expect(await find("adas:decoder", "2.0.0")).toBe("missing");
    expect(await find("adas:tools")).toBe("missing");
  });

  test("may be given by hand, with a version or for all", async () => {
    const path = join(directory, "other.wasm");
    expect(await find("adas:decoder", undefined, new Map([["adas:decoder", path]]))).toBe("other");
    expect(await find("adas:decoder", "1.0.0", new Map([["adas:decoder", path]]))).toBe("other");
    expect(await find("adas:decoder", "1.0.0", new Map([["adas:decoder@2.0.0", path]]))).toBe("1.0.0");
    expect(await find("adas:decoder", "2.0.0", new Map([["adas:decoder@2.0.0", path]]))).toBe("other");
  });

  test("that are missing come with the places and with what there is", async () => {
    const answer = await new FilePackages({ directories: [directory, "nowhere"] }).find({
      name: "adas:decodr",
      version: undefined,
    });
    expect(answer).toEqual({
      bytes: undefined,
      lookedAt: [join(directory, "adas/decodr"), "nowhere/adas/decodr"].map(
        (base) => `${base}.wasm (or .wat, .wit, or a folder of WIT)`,
      ),
      available: ["adas:decoder", "adas:decoder@1.0.0", "adas:tools:fusion"],
    });
  });

  test("that are given by hand, and are not there, are told of by their path", async () => {
    const path = join(directory, "nowhere.wasm");
    const packages = new FilePackages({
      directories: [directory],
      overrides: new Map([["adas:decoder", path]]),
    });
    const answer = await packages.find({ name: "adas:decoder", version: undefined });
    expect(answer).toMatchObject({ bytes: undefined, problem: { from: path } });
  });

  test("that are folders of WIT are named by the folder", async () => {
    const folder = join(directory, "wit");
    await mkdir(join(folder, "acme/maps/deps"), { recursive: true });
    await mkdir(join(folder, "acme/tiles/2.0.0"), { recursive: true });
    for (const file of [
      "acme/maps/a.wit",
      "acme/maps/b.wit",
      "acme/maps/deps/x.wit",
      "acme/maps/1.0.0.wit",
    ]) {
      await writeFile(join(folder, file), "");
    }
    await writeFile(join(folder, "acme/tiles/2.0.0/a.wit"), "");
    const answer = await new FilePackages({ directories: [folder] }).find({
      name: "a:b",
      version: undefined,
    });
    expect(answer).toMatchObject({ available: ["acme:maps", "acme:maps@1.0.0", "acme:tiles@2.0.0"] });
  });

  test("are given on command lines as name=path", () => {
    expect(parsePackageOverride("a:b=c=d.wasm")).toEqual(["a:b", "c=d.wasm"]);
    expect(parsePackageOverride("a:b@1.0.0=x")).toEqual(["a:b@1.0.0", "x"]);
    for (const bad of ["a:b", "a=x", "=x", "a:b="]) {
      expect(() => parsePackageOverride(bad)).toThrow("namespace:name=path");
    }
  });
});
