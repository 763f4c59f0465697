import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adder } from "../adders.case.ts";
import { type Recomposed, recompose } from "./recompose.ts";

let folder: string;
let stop: AbortController;

const file = (...parts: string[]): string => join(folder, ...parts);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recompose-"));
  stop = new AbortController();
  await mkdir(file("deps/test"), { recursive: true });
  await writeFile(file("deps/test/one.wasm"), await adder(1));
  await writeFile(file("deps/test/two.wasm"), await adder(2));
  await writeFile(file("my.wac"), textWith("test:one"));
});

afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true });
});

function textWith(last: string): string {
  return `package a:b; let first = new test:one { ... }; export new ${last} { number: first.number, ... }.number;`;
}

/** The components of the instances, or what is wrong. */
function outcome(recomposed: IteratorResult<Recomposed>): readonly unknown[] {
  if (recomposed.done) {
    return ["done"];
  }
  return recomposed.value.kind === "problem"
    ? [recomposed.value.error.code]
    : recomposed.value.composition.instantiations.map((node) => node.package.component);
}

describe("a composition that is composed again", () => {
  test("follows its text and its packages, and keeps what has not changed", async () => {
    const options = { directories: [file("deps")], signal: stop.signal, quietMs: 20 };
    const versions = recompose(file("my.wac"), options);
    const [one, again] = outcome(await versions.next());
    expect(again).toBe(one);

    await writeFile(file("my.wac"), textWith("test:two"));
    const [kept, two] = outcome(await versions.next());
    expect(kept).toBe(one);
    expect(two).not.toBe(one);

    await writeFile(file("deps/test/two.wasm"), await adder(20));
    const [stillKept, changed] = outcome(await versions.next());
    expect(stillKept).toBe(one);
    expect(changed).not.toBe(two);

    await writeFile(file("my.wac"), "package a:b; let x = ;");
    expect(outcome(await versions.next())).toEqual(["syntax"]);

    await writeFile(file("deps/test/two.wasm"), await adder(20));
    await writeFile(file("my.wac"), textWith("test:two"));
    expect(outcome(await versions.next())).toEqual([one, changed]);

    const end = versions.next();
    stop.abort();
    expect(outcome(await end)).toEqual(["done"]);
  });

  test("is not composed again by changes that change nothing", async () => {
    const options = { directories: [file("deps")], signal: stop.signal, quietMs: 20 };
    const versions = recompose(file("my.wac"), options);
    await versions.next();
    const next = versions.next();
    await writeFile(file("my.wac"), textWith("test:one"));
    await writeFile(file("deps/test/three.wasm"), "not used");
    await new Promise((resolve) => setTimeout(resolve, 120));
    await writeFile(file("my.wac"), textWith("test:two"));
    expect(outcome(await next)).toHaveLength(2);
    stop.abort();
  });
});
