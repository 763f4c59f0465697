import { readFileSync } from "node:fs";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import {
  ComponentError,
  decodeComponent,
  instantiate,
  MemoryPageStore,
  restore,
  snapshot,
  stateHash,
} from "@playhead/component-model";
import { describe, expect, it } from "vitest";
import { WasiError, type WasiErrorCode } from "./errors.ts";
import type { Descriptor, DirectoryEntryStream } from "./filesystem.ts";
import type { GuestSettings } from "./options.ts";
import type { Pollable } from "./poll.ts";
import type { InputStream, OutputStream } from "./streams.ts";
import { type VirtualWasi, virtualWasi } from "./virtual-wasi.ts";

const NOW_US = 1_700_000_000_123_456;
const everything = readFileSync(new URL("../fixtures/everything.wit", import.meta.url), "utf8");

interface World {
  readonly wasi: VirtualWasi;
  readonly printed: string[];
  nowUs: number;
  /** Calls a host function as a component instance with the path does. */
  call(name: string, path: string, ...args: unknown[]): unknown;
}

function world(settings: GuestSettings = {}): World {
  const printed: string[] = [];
  const made: World = {
    nowUs: NOW_US,
    printed,
    wasi: virtualWasi({
      nowUs: () => made.nowUs,
      seed: 5,
      guestAt: (path) => path.split("/")[0] ?? "",
      settingsOf: () => settings,
      machine: { nowUs: () => 42_000_007, randomBytes: (length) => new Uint8Array(length).fill(7) },
      print: (guest, stream, line) => printed.push(`${guest} ${stream}: ${line}`),
    }),
    call: (name, path, ...args) => {
      const [interfaceName = "", fn = ""] = name.split("#");
      const found = made.wasi.imports[`wasi:${interfaceName}@0.2.12`]?.[fn] as (
        ...args: unknown[]
      ) => unknown;
      return found({ path }, ...args);
    },
  };
  return made;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof ComponentError) return error.payload;
    throw error;
  }
  throw new Error("expected an error");
}

function traps(run: () => unknown, code: WasiErrorCode): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(WasiError);
    expect((error as WasiError).code).toBe(code);
    return (error as WasiError).message;
  }
  throw new Error("expected a trap");
}

describe("imports", () => {
  it.each(["0.2.0", "0.2.3", "0.2.12", "0.2.99"])(
    "serve a component that asks for all of WASI %s",
    async (version) => {
      const witSource = everything.replaceAll("0.2.12", version);
      const core = await componentEmbed({ witSource, world: "everything", dummy: true });
      const component = decodeComponent(await componentNew(core, []));
      expect(component.type.imports.size).toBe(28);
      const { wasi } = world();
      instantiate(component, { imports: wasi.imports });
    },
  );

  it("have every method of every resource that can be open", async () => {
    const core = await componentEmbed({ witSource: everything, world: "everything", dummy: true });
    const { imports } = decodeComponent(await componentNew(core, [])).type;
    const { wasi } = world();
    const missing: string[] = [];
    for (const [name, type] of imports) {
      if (type.kind !== "instance" || name.includes("sockets")) continue;
      for (const item of type.type.exports.keys()) {
        const [, resource, method] = /^\[method\](.+)\.(.+)$/.exec(item) ?? [];
        if (resource === undefined || method === undefined) continue;
        const camel = (text: string): string =>
          text.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        const className = camel(`-${resource}`);
        const owner = wasi.imports[name]?.[className] as { prototype: Record<string, unknown> };
        if (typeof owner.prototype[camel(method)] !== "function") missing.push(`${name} ${item}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it("work through the canonical ABI, with the calling instance for the guest", async () => {
    const text = `(component $printer
      (import "wasi:io/error@0.2.1" (instance $error (export "error" (type (sub resource)))))
      (alias export $error "error" (type $e))
      (import "wasi:io/streams@0.2.1" (instance $streams
        (export "output-stream" (type $out (sub resource)))
        (alias outer 1 $e (type $oe)) (export "error" (type $e (eq $oe)))
        (type $se (variant (case "last-operation-failed" (own $e)) (case "closed")))
        (export "stream-error" (type $stream-error (eq $se)))
        (export "[method]output-stream.blocking-write-and-flush"
          (func (param "self" (borrow $out)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
      (alias export $streams "output-stream" (type $o))
      (import "wasi:cli/stdout@0.2.1" (instance $stdout
        (alias outer 1 $o (type $oo)) (export "output-stream" (type $o (eq $oo)))
        (export "get-stdout" (func (result (own $o))))))
      (core module $memory (memory (export "m") 1) (data (i32.const 16) "hello\\0a"))
      (core instance $memory (instantiate $memory))
      (core func $get (canon lower (func $stdout "get-stdout")))
      (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
        (memory (core memory $memory "m"))))
      (core func $drop (canon resource.drop $o))
      (core module $m
        (import "" "get" (func $get (result i32)))
        (import "" "write" (func $write (param i32 i32 i32 i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "run") (local $stream i32)
          (local.set $stream (call $get))
          (call $write (local.get $stream) (i32.const 16) (i32.const 6) (i32.const 0))
          (call $drop (local.get $stream))))
      (core instance $i (instantiate $m (with "" (instance
        (export "get" (func $get)) (export "write" (func $write)) (export "drop" (func $drop))))))
      (func (export "run") (canon lift (core func $i "run"))))`;
    const component = decodeComponent(await parse(text));
    const { wasi, printed } = world();
    const { exports } = instantiate(component, { path: "unit/inner", imports: wasi.imports });
    (exports as { run(): void }).run();
    expect(printed).toEqual(["unit stdout: hello"]);
    expect(wasi.save()[0]?.[1].open).toBe(0);
  });
});

describe("surroundings", () => {
  it("are what the settings say, and nothing of the process", () => {
    const { call } = world({ environment: { A: "1", B: "2" }, arguments: ["unit", "-v"] });
    expect(call("cli/environment#getEnvironment", "u")).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
    expect(call("cli/environment#getArguments", "u")).toEqual(["unit", "-v"]);
    const empty = world();
    expect(empty.call("cli/environment#getEnvironment", "u")).toEqual([]);
    expect(empty.call("cli/environment#getArguments", "u")).toEqual([]);
    expect(empty.call("filesystem/preopens#getDirectories", "u")).toEqual([]);
  });

  it("have an output for lines of either stream, kept apart by guest", () => {
    const { call, printed } = world();
    const write = (path: string, stream: string, text: string): void =>
      (call(`cli/${stream.toLowerCase()}#get${stream}`, path) as OutputStream).write(bytes(text));
    write("a", "Stdout", "one ");
    write("b/c", "Stdout", "two\n");
    write("a", "Stderr", "three\n");
    write("a/x", "Stdout", "four\n");
    expect(printed).toEqual(["b stdout: two", "a stderr: three", "a stdout: one four"]);
  });

  it("end a guest that exits, with what it printed last", () => {
    const { call, printed } = world();
    (call("cli/stdout#getStdout", "a") as OutputStream).write(bytes("last words"));
    expect(traps(() => call("cli/exit#exit", "a", { tag: "err" }), "exit")).toContain("failure");
    expect(printed).toEqual(["a stdout: last words"]);
    expect(traps(() => call("cli/exit#exitWithCode", "a", 3), "exit")).toContain("code 3");
  });

  it("have no network", () => {
    const { wasi } = world();
    const create = wasi.imports["wasi:sockets/tcp-create-socket@0.2.12"]?.createTcpSocket as () => unknown;
    expect(codeOf(create)).toBe("access-denied");
    const resolve = wasi.imports["wasi:sockets/ip-name-lookup@0.2.12"]?.resolveAddresses as () => unknown;
    expect(codeOf(resolve)).toBe("access-denied");
  });
});

describe("clocks", () => {
  it("show the caller's time", () => {
    const made = world();
    expect(made.call("clocks/wall-clock#now", "u")).toEqual({
      seconds: 1_700_000_000n,
      nanoseconds: 123_456_000,
    });
    expect(made.call("clocks/monotonic-clock#now", "u")).toBe(1_700_000_000_123_456_000n);
    made.nowUs = -5;
    expect(made.call("clocks/wall-clock#now", "u")).toEqual({ seconds: 0n, nanoseconds: 0 });
  });

  it("wake who waits for what has come, and end who waits for what cannot", () => {
    const made = world();
    const inUs = (us: number): Pollable =>
      made.call("clocks/monotonic-clock#subscribeDuration", "u", BigInt(us) * 1000n) as Pollable;
    const poll = made.wasi.imports["wasi:io/poll@0.2.12"]?.poll as (list: Pollable[]) => Uint32Array;
    const [now, soon, later] = [inUs(0), inUs(1), inUs(2_000_000)];
    expect([...poll([soon, now, later])]).toEqual([1]);
    expect(traps(() => poll([later, soon]), "waits-forever")).toContain("0.000001 s");
    expect(traps(() => later.block(), "waits-forever")).toContain("2 s");
    traps(() => poll([]), "bad-call");
    made.nowUs += 1;
    soon.block();
    expect([...poll([later, soon, now])]).toEqual([1, 2]);
    const never = made.call("clocks/monotonic-clock#subscribeInstant", "u", 2n ** 64n - 1n) as Pollable;
    expect(never.ready()).toBe(false);
  });
});

it("the machine's clock and randomness are for guests whose settings grant them", () => {
  const granted = world({ clock: "machine", randomness: "machine" });
  expect(granted.call("clocks/wall-clock#now", "a")).toEqual({ seconds: 42n, nanoseconds: 7000 });
  expect(granted.call("clocks/monotonic-clock#now", "a")).toBe(42_000_007_000n);
  expect(granted.call("random/random#getRandomU64", "a")).toBe(0x0707070707070707n);
  expect(granted.call("random/random#getRandomBytes", "a", 3n)).toEqual(Uint8Array.of(7, 7, 7));
  const virtual = world({ clock: "virtual" });
  expect(virtual.call("clocks/wall-clock#now", "a")).toMatchObject({ seconds: 1_700_000_000n });
  expect(virtual.call("random/random#getRandomU64", "a")).toBe(
    world().call("random/random#getRandomU64", "a"),
  );
});

describe("random numbers", () => {
  it("are the guest's own, and the same in every run", () => {
    const draw = (path: string, made = world()): unknown => made.call("random/random#getRandomU64", path);
    expect(draw("a")).toBe(draw("a/inner"));
    expect(draw("a")).not.toBe(draw("b"));
    const made = world();
    made.call("random/random#getRandomBytes", "b", 100n);
    expect(draw("a", made)).toBe(draw("a"));
    expect(made.call("random/insecure#getInsecureRandomBytes", "a", 5n)).toHaveLength(5);
    expect(made.call("random/insecure-seed#insecureSeed", "a")).toHaveLength(2);
  });

  it("come in limited amounts", () => {
    traps(() => world().call("random/random#getRandomBytes", "a", 2n ** 63n), "too-much");
  });
});

describe("files", () => {
  const files = new Map([
    ["/data/a.txt", bytes("0123456789")],
    ["/data/b.txt", bytes("b")],
    ["/top.txt", bytes("top")],
  ]);
  const root = (made = world({ files })): Descriptor =>
    (made.call("filesystem/preopens#getDirectories", "u") as [Descriptor, string][])[0]?.[0] as Descriptor;
  const open = (path: string, flags: object = {}, how: object = {}): Descriptor =>
    root().openAt({}, path, how, { read: true, ...flags });

  it("can be read whole, in parts and as streams", () => {
    const file = open("data/a.txt");
    expect(file.read(4n, 0n)).toEqual([bytes("0123"), false]);
    expect(file.read(100n, 8n)).toEqual([bytes("89"), true]);
    expect(file.read(1n, 2n ** 60n)).toEqual([bytes(""), true]);
    expect(file.stat()).toMatchObject({ type: "regular-file", size: 10n });
    const stream = file.readViaStream(7n);
    expect(stream.read(0n)).toEqual(bytes(""));
    expect(stream.read(2n)).toEqual(bytes("78"));
    expect(stream.blockingSkip(5n)).toBe(1n);
    expect(codeOf(() => stream.read(1n))).toEqual({ tag: "closed" });
  });

  it("are listed by name", () => {
    const list = (stream: DirectoryEntryStream): unknown[] => {
      const entries: unknown[] = [];
      for (let entry = stream.readDirectoryEntry(); entry !== undefined; entry = stream.readDirectoryEntry())
        entries.push(entry);
      return entries;
    };
    expect(list(root().readDirectory())).toEqual([
      { type: "directory", name: "data" },
      { type: "regular-file", name: "top.txt" },
    ]);
    expect(list(open("data").readDirectory())).toHaveLength(2);
  });

  it("are told apart", () => {
    const made = world({ files });
    const top = root(made);
    const [a, b] = [top.openAt({}, "data/a.txt", {}, {}), top.openAt({}, "data/b.txt", {}, {})];
    expect(a.isSameObject(top.openAt({}, "data/../data/a.txt", {}, {}))).toBe(true);
    expect(a.isSameObject(b)).toBe(false);
    expect(a.metadataHash()).toEqual(top.metadataHashAt({}, "data/a.txt"));
    expect(a.metadataHash()).not.toEqual(b.metadataHash());
  });

  it.each([
    ["a file that is not there", () => open("data/x"), "no-entry"],
    ["a path above", () => open("data").openAt({}, "../top.txt", {}, {}), "not-permitted"],
    ["a path from the root", () => open("/top.txt"), "not-permitted"],
    ["a directory that is a file", () => open("top.txt", {}, { directory: true }), "not-directory"],
    ["a path below a file", () => open("top.txt").openAt({}, "x", {}, {}), "not-directory"],
    ["a directory's bytes", () => open("data").read(1n, 0n), "is-directory"],
    ["a file's entries", () => open("top.txt").readDirectory(), "not-directory"],
    ["to open for writing", () => open("top.txt", { write: true }), "read-only"],
    ["to make a file", () => open("new", {}, { create: true }), "read-only"],
    ["to write", () => open("top.txt").write(), "bad-descriptor"],
    ["to delete", () => root().unlinkFileAt(), "read-only"],
    ["a link's target", () => root().readlinkAt("top.txt"), "invalid"],
  ])("refuse %s", (_what, run, code) => {
    expect(codeOf(run)).toBe(code);
  });
});

describe("streams", () => {
  it("take what they promise and no more", () => {
    const { call, printed } = world();
    const out = call("cli/stdout#getStdout", "u") as OutputStream;
    const most = Number(out.checkWrite());
    out.write(new Uint8Array(most).fill(10));
    expect(printed).toHaveLength(most);
    traps(() => out.write(new Uint8Array(most + 1)), "bad-call");
    traps(() => out.blockingWriteAndFlush(new Uint8Array(4097)), "bad-call");
    traps(() => out.blockingWriteZeroesAndFlush(2n ** 63n), "bad-call");
    expect(out.subscribe().ready()).toBe(true);
  });

  it("pass bytes on, and end where stdin ends", () => {
    const made = world({ files: new Map([["/f", bytes("line\n")]]) });
    const out = made.call("cli/stdout#getStdout", "u") as OutputStream;
    const [directory] = made.call("filesystem/preopens#getDirectories", "u") as [Descriptor, string][];
    const file = directory?.[0].openAt({}, "f", {}, {}).readViaStream(0n) as InputStream;
    expect(out.splice(file, 2n)).toBe(2n);
    expect(out.blockingSplice(file, 100n)).toBe(3n);
    expect(made.printed).toEqual(["u stdout: line"]);
    const stdin = made.call("cli/stdin#getStdin", "u") as InputStream;
    expect(codeOf(() => out.splice(stdin, 1n))).toEqual({ tag: "closed" });
  });

  it("are limited in number", () => {
    const { call } = world();
    traps(() => {
      for (;;) call("cli/stdout#getStdout", "u");
    }, "too-much");
  });
});

describe("state", () => {
  it("is plain data and brings randomness and lines back, in the same world and in another", () => {
    const first = world();
    const write = (made: World, text: string): void =>
      (made.call("cli/stderr#getStderr", "u") as OutputStream).write(bytes(text));
    write(first, "begun");
    first.call("random/random#getRandomU64", "u");
    const state = JSON.parse(JSON.stringify(first.wasi.save()));
    const goOn = (made: World): unknown[] => {
      write(made, " ended\n");
      return [made.call("random/random#getRandomU64", "u"), made.printed.at(-1)];
    };
    const expected = goOn(first);
    expect(expected[1]).toBe("u stderr: begun ended");
    first.call("random/random#getRandomU64", "later");
    const after = first.wasi.save();

    first.wasi.restore(state);
    expect(first.wasi.save()).toEqual(state);
    expect(goOn(first)).toEqual(expected);

    const second = world();
    second.wasi.restore(state);
    expect(goOn(second)).toEqual(expected);
    second.call("random/random#getRandomU64", "later");
    expect(second.wasi.save()).toEqual(after);
  });

  it("of open resources is part of a component's snapshot", async () => {
    const text = `(component $waiter
      (import "wasi:io/poll@0.2.0" (instance $poll
        (export "pollable" (type $p (sub resource)))
        (export "[method]pollable.ready" (func (param "self" (borrow $p)) (result bool)))))
      (alias export $poll "pollable" (type $pollable))
      (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
        (alias outer 1 $pollable (type $op)) (export "pollable" (type $p (eq $op)))
        (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
      (core func $subscribe (canon lower (func $clock "subscribe-duration")))
      (core func $ready (canon lower (func $poll "[method]pollable.ready")))
      (core func $drop (canon resource.drop $pollable))
      (core module $m
        (import "" "subscribe" (func $subscribe (param i64) (result i32)))
        (import "" "ready" (func $ready (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (global $handle (mut i32) (i32.const 0))
        (func (export "start") (param i64) (global.set $handle (call $subscribe (local.get 0))))
        (func (export "ready") (result i32) (call $ready (global.get $handle)))
        (func (export "stop") (call $drop (global.get $handle))))
      (core instance $i (instantiate $m (with "" (instance
        (export "subscribe" (func $subscribe)) (export "ready" (func $ready)) (export "drop" (func $drop))))))
      (func (export "start") (param "ns" u64) (canon lift (core func $i "start")))
      (func (export "ready") (result bool) (canon lift (core func $i "ready")))
      (func (export "stop") (canon lift (core func $i "stop"))))`;
    const component = decodeComponent(await parse(text));
    const store = new MemoryPageStore();
    const first = world();
    const waiter = instantiate(component, { path: "u", imports: first.wasi.imports });
    const functions = (instance: typeof waiter) =>
      instance.exports as { start(ns: bigint): void; ready(): boolean; stop(): void };
    functions(waiter).start(5000n);
    const saved = { instance: snapshot(waiter, store), wasi: first.wasi.save() };
    const hash = stateHash(waiter);
    functions(waiter).stop();
    functions(waiter).start(0n);
    expect(functions(waiter).ready()).toBe(true);

    restore(waiter, saved.instance, store);
    first.wasi.restore(saved.wasi);
    expect(stateHash(waiter)).toBe(hash);
    expect(functions(waiter).ready()).toBe(false);
    first.nowUs += 5;
    expect(functions(waiter).ready()).toBe(true);

    const second = world();
    const from = { snapshot: saved.instance, store };
    const fresh = instantiate(component, { path: "u", imports: second.wasi.imports, from });
    second.wasi.restore(saved.wasi);
    expect(functions(fresh).ready()).toBe(false);
    second.nowUs += 5;
    expect(functions(fresh).ready()).toBe(true);
    functions(fresh).stop();
    expect(second.wasi.save()[0]?.[1].open).toBe(0);
  });
});
