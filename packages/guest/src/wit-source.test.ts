import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readWit, splitPackageStatement } from "./wit-source.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("readWit", () => {
  it("joins the files of a package, and nests the packages it depends on", () => {
    write("own/a.wit", "/// The package.\npackage a:b@1.0.0;\ninterface i {}\n");
    write("own/b.wit", "interface j {}\n");
    write("own/deps/c/c.wit", "package c:d;\ninterface k {}\n");
    write("own/deps/e.wit", "package e:f;\ninterface l {}\n");
    write("more/m.wit", "package m:n;\ninterface o {}\n");
    const wit = readWit([join(folder, "own"), join(folder, "more")]);
    expect(wit.rootPackage).toBe("a:b@1.0.0");
    expect(wit.text.replaceAll(/\s+/g, " ")).toBe(
      "package a:b@1.0.0; interface i {} interface j {} package c:d { interface k {} } " +
        "package e:f { interface l {} } package m:n { interface o {} } ",
    );
    expect(wit.files).toHaveLength(5);
  });

  it("takes a package twice where it is the same, and refuses two that differ", () => {
    write("own/a.wit", "package a:b;\n");
    write("own/deps/c/c.wit", "package c:d;\ninterface k {}\n");
    write("other/c.wit", "package c:d;\ninterface k {}\n");
    const folders = [join(folder, "own"), join(folder, "other")];
    expect(readWit(folders).text.match(/c:d/g)).toHaveLength(1);
    write("other/c.wit", "package c:d;\ninterface changed {}\n");
    expect(() => readWit(folders)).toThrow(/c:d is in .*deps.c and, with other content, in .*other/);
  });

  it("says what is missing", () => {
    expect(() => readWit([join(folder, "nowhere")])).toThrow(/There is no WIT folder .*nowhere/);
    expect(() => readWit([folder])).toThrow(/No \.wit file/);
    write("own/a.wit", "interface i {}\n");
    expect(() => readWit([join(folder, "own")])).toThrow(/says which WIT package/);
    write("own/b.wit", "package a:b;\n");
    write("own/c.wit", "package a:c;\n");
    expect(() => readWit([join(folder, "own")])).toThrow(/c\.wit is of package a:c, other files .* of a:b/);
  });
});

describe("splitPackageStatement", () => {
  it("finds the statement after comments only", () => {
    const text = "// one\n/* two\n package x:y; */\n  package a:b ;rest";
    expect(splitPackageStatement(text)).toEqual({ declared: "a:b", body: "rest" });
    expect(splitPackageStatement("package a:b { }").declared).toBeUndefined();
    expect(splitPackageStatement("interface i {} package a:b;").declared).toBeUndefined();
  });
});
