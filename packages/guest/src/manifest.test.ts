import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findManifests, MANIFEST, readManifest } from "./manifest.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(guest: string, content: string): string {
  mkdirSync(join(folder, guest), { recursive: true });
  writeFileSync(join(folder, guest, MANIFEST), content);
  return join(folder, guest, MANIFEST);
}

describe("manifests", () => {
  it("are found in a folder, or in the folders in it", () => {
    write("b", '{ "package": "x:b", "world": "w", "wit": ["../wit"] }');
    write("a", '{ "package": "x:a-1", "world": "w", "wit": ["wit"], "source": "code" }');
    mkdirSync(join(folder, "none"));
    const manifests = findManifests(folder);
    expect(manifests.map((each) => each.name)).toEqual(["a", "b"]);
    expect(manifests[0]).toEqual({
      name: "a",
      folder: join(folder, "a"),
      packageNamespace: "x",
      packageName: "a-1",
      world: "w",
      witFolders: [join(folder, "a", "wit")],
      source: "code",
    });
    expect(manifests[1]).toMatchObject({ witFolders: [join(folder, "wit")], source: "src" });
    expect(findManifests(join(folder, "b"))).toHaveLength(1);
    expect(() => findManifests(join(folder, "none"))).toThrow(/has a playhead\.json/);
    expect(() => findManifests(join(folder, "absent"))).toThrow(/There is no folder/);
  });

  it("are refused with the member that is wrong", () => {
    const wrong: [string, RegExp][] = [
      ["{", /cannot be read as JSON/],
      ["[]", /has to hold a JSON object/],
      ['{ "world": "w", "wit": ["."] }', /"package" has to be a text, found nothing/],
      ['{ "package": "Bad", "world": "w", "wit": ["."] }', /name such as adas:video-decoder, found "Bad"/],
      ['{ "package": "x:a", "wit": ["."] }', /"world" has to be a text/],
      ['{ "package": "x:a", "world": "w", "wit": "." }', /"wit" has to be a list of folders, found "\."/],
      ['{ "package": "x:a", "world": "w", "wit": ["."], "entry": "x" }', /"entry" is not known/],
    ];
    for (const [content, message] of wrong) {
      const path = write("g", content);
      expect(() => readManifest(path)).toThrow(message);
    }
  });
});
