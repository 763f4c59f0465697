import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
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

/** Writes a file in one go, as editors do: elsewhere first. */
async function put(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

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

    await put(file("my.wac"), textWith("test:two"));
    const [kept, two] = outcome(await versions.next());
    expect(kept).toBe(one);
    expect(two).not.toBe(one);

    await put(file("deps/test/two.wasm"), await adder(20));
    const [stillKept, changed] = outcome(await versions.next());
    expect(stillKept).toBe(one);
    expect(changed).not.toBe(two);

    await put(file("my.wac"), "package a:b; let x = ;");
    expect(outcome(await versions.next())).toEqual(["syntax"]);

    await put(file("deps/test/two.wasm"), await adder(20));
    await put(file("my.wac"), textWith("test:two"));
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
    await put(file("my.wac"), textWith("test:one"));
    await put(file("deps/test/three.wasm"), "not used");
    await new Promise((resolve) => setTimeout(resolve, 120));
    await put(file("my.wac"), textWith("test:two"));
    expect(outcome(await next)).toHaveLength(2);
    stop.abort();
  });

  test("follows a text that an editor replaces, and one that is away for a while", async () => {
    const versions = started();
    expect(outcome(await versions.next())).toHaveLength(2);

    await put(file("my.wac"), textWith("test:two"));
    const [one, two] = outcome(await versions.next());
    expect(two).not.toBe(one);

    const next = versions.next();
    await rm(file("my.wac"));
    await quiet();
    await put(file("my.wac"), textWith("test:one"));
    expect(outcome(await next)).toEqual([one, one]);
  });

  test("follows packages and folders that appear later, vanish and take the place of others", async () => {
    await rename(file("deps"), file("later"));
    const versions = started();
    expect(outcome(await versions.next())).toEqual(["unknown-package"]);

    await rename(file("later"), file("deps"));
    const [one] = outcome(await versions.next());
    expect(one).toBeTypeOf("object");

    await mkdir(file("built/test"), { recursive: true });
    await put(file("built/test/one.wasm"), await adder(10));
    await rename(file("deps"), file("old"));
    await rename(file("built"), file("deps"));
    let [other] = outcome(await versions.next());
    // Between the two moves there was no package.
    if (other === "unknown-package") {
      [other] = outcome(await versions.next());
    }
    expect(other).toBeTypeOf("object");
    expect(other).not.toBe(one);

    await put(file("deps/test/one.wasm"), await adder(11));
    const [again] = outcome(await versions.next());
    expect(again).toBeTypeOf("object");
    expect(again).not.toBe(other);

    await rm(file("deps"), { recursive: true });
    expect(outcome(await versions.next())).toEqual(["unknown-package"]);
  });

  test("follows packages where links lead, those that are given by hand, and those of npm", async () => {
    await mkdir(file("elsewhere"));
    await put(file("elsewhere/linked.wasm"), await adder(1));
    await symlink(file("elsewhere/linked.wasm"), file("deps/test/linked.wasm"));
    await mkdir(file("node_modules/@test/three/dist"), { recursive: true });
    await put(file("node_modules/@test/three/package.json"), `{ "component": "dist/three.wasm" }`);
    await put(file("node_modules/@test/three/dist/three.wasm"), await adder(3));
    await put(
      file("my.wac"),
      "package a:b; let a = new test:linked { ... }; let b = new test:hand { ... }; let c = new test:three { ... };",
    );
    const overrides = new Map([["test:hand", file("elsewhere/hand.wasm")]]);
    const versions = started({ overrides, npmFrom: folder });
    expect(outcome(await versions.next())).toEqual(["invalid-package"]);

    await put(file("elsewhere/hand.wasm"), await adder(2));
    const first = outcome(await versions.next());
    await put(file("elsewhere/linked.wasm"), await adder(10));
    const second = outcome(await versions.next());
    await put(file("node_modules/@test/three/dist/three.wasm"), await adder(30));
    const third = outcome(await versions.next());
    expect(changed(first, second)).toEqual([true, false, false]);
    expect(changed(second, third)).toEqual([false, false, true]);
  });

  test("tells of problems again when another one of them is gone", async () => {
    await put(file("my.wac"), "package a:b; let x = y; let z = w;");
    const versions = started();
    const others = async (): Promise<number> => {
      const { value } = await versions.next();
      return value?.kind === "problem" ? value.error.others.length : -1;
    };
    expect(await others()).toBe(1);
    await put(file("my.wac"), "package a:b; let x = y; ");
    expect(await others()).toBe(0);
  });

  test("takes several versions of a package for what they are", async () => {
    await mkdir(file("deps/test/one"));
    await put(file("deps/test/one/2.0.0.wasm"), await adder(2));
    await put(file("my.wac"), textWith("test:one@2.0.0"));
    const versions = started();
    const first = outcome(await versions.next());
    const next = versions.next();
    await put(file("my.wac"), `${textWith("test:one@2.0.0")} // changed`);
    expect(changed(first, outcome(await next))).toEqual([false, false]);
  });

  test("does not wait for an end of changes that go on and on", async () => {
    const versions = started({ quietMs: 50 });
    await versions.next();
    const next = versions.next();
    await put(file("my.wac"), textWith("test:two"));
    let ended = false;
    const busy = (async (): Promise<void> => {
      while (!ended) {
        await writeFile(file("deps/test/two.wasm~"), "");
        await rm(file("deps/test/two.wasm~"));
        await rename(file("deps/test/two.wasm"), file("deps/test/two.wasm~"));
        await rename(file("deps/test/two.wasm~"), file("deps/test/two.wasm"));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    expect((await next).done).toBe(false);
    ended = true;
    await busy;
  });

  test("ends when it is told to: before it begins, while it waits, and when nobody asks any more", async () => {
    const ended = AbortSignal.abort();
    expect(await recompose(file("my.wac"), { signal: ended }).next()).toMatchObject({ done: true });
    const versions = started();
    await versions.next();
    expect(await versions.return(undefined)).toMatchObject({ done: true });
    await expect(recompose(file("nowhere.wac")).next()).rejects.toMatchObject({ code: "ENOENT" });
  });
});

type Options = Parameters<typeof recompose>[1];

function started(options: Options = {}): AsyncGenerator<Recomposed> {
  return recompose(file("my.wac"), {
    directories: [file("deps")],
    signal: stop.signal,
    quietMs: 20,
    ...options,
  });
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly boolean[] {
  return after.map((component, index) => component !== before[index]);
}

/** Long enough for changes to be told of. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 80));
}
