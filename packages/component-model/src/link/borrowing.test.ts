import { describe, expect, test } from "vitest";
import { instantiate } from "../instantiate.ts";
import { decodeText } from "../testing.case.ts";
import { type BorrowingOptions, borrowing } from "./borrowing.ts";
import { type Caller, withCaller } from "./caller.ts";

/** Exports `run`, which passes three bytes to a function, and to a method of what the constructor gives. */
const guest = `(component
  (import "test:host/api" (instance $api
    (export "topic" (type $topic (sub resource)))
    (export "[constructor]topic" (func (result (own $topic))))
    (export "[method]topic.publish" (func (param "self" (borrow $topic)) (param "bytes" (list u8))))
    (export "take" (func (param "bytes" (list u8)) (result u32)))))
  (core module $memory (memory (export "memory") 1) (data (i32.const 8) "\\01\\02\\03"))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (core func $new (canon lower (func $api "[constructor]topic")))
  (core func $publish (canon lower (func $api "[method]topic.publish") (memory $m)))
  (core func $take (canon lower (func $api "take") (memory $m)))
  (core module $code
    (import "" "new" (func $new (result i32)))
    (import "" "publish" (func $publish (param i32 i32 i32)))
    (import "" "take" (func $take (param i32 i32) (result i32)))
    (func (export "run") (result i32)
      (call $publish (call $new) (i32.const 8) (i32.const 3))
      (call $take (i32.const 8) (i32.const 3))))
  (core instance $code (instantiate $code (with "" (instance
    (export "new" (func $new)) (export "publish" (func $publish)) (export "take" (func $take))))))
  (func (export "run") (result u32) (canon lift (core func $code "run"))))`;

class Seen {
  readonly bytes: Uint8Array[] = [];
  readonly sums: number[] = [];
  readonly callers: string[] = [];

  note(bytes: Uint8Array): number {
    const sum = bytes.reduce((a, b) => a + b, 0);
    this.bytes.push(bytes);
    this.sums.push(sum);
    return sum;
  }

  /** How many bytes lie under what was received: three under a copy, a whole memory under a view. */
  get under(): number[] {
    return this.bytes.map((bytes) => bytes.buffer.byteLength);
  }
}

type Mark = <F extends (...args: never[]) => unknown>(fn: F) => F;

async function run(seen: Seen, mark: Mark, told: Mark = mark): Promise<unknown> {
  class Topic {
    publish(bytes: Uint8Array): void {
      seen.note(bytes);
    }
  }
  Topic.prototype.publish = mark(Topic.prototype.publish);
  const take = told((bytes: Uint8Array) => seen.note(bytes));
  const imports = { "test:host/api": { Topic, take } };
  const { exports } = instantiate(await decodeText(guest), { path: "unit", imports });
  return (exports.run as () => unknown)();
}

describe("a host function that is marked as borrowing", () => {
  const marked = (options?: BorrowingOptions): Mark => {
    return (fn) => borrowing(fn, options);
  };

  test("gets views of the guest's memory, and so does a method", async () => {
    const plain = new Seen();
    expect(await run(plain, (fn) => fn)).toBe(6);
    expect(plain.under).toEqual([3, 3]);
    const seen = new Seen();
    expect(await run(seen, marked())).toBe(6);
    expect(seen.sums).toEqual([6, 6]);
    expect(seen.under).toEqual([65536, 65536]);
  });

  test("gets bytes that are gone after the call when they are poisoned", async () => {
    const seen = new Seen();
    expect(await run(seen, marked({ poison: true }))).toBe(6);
    expect(seen.sums).toEqual([6, 6]);
    expect(seen.bytes.map((bytes) => bytes.length)).toEqual([0, 0]);
  });

  test.each(["outside", "inside"])("can be told its caller, the mark for that being %s", async (place) => {
    const seen = new Seen();
    const tell = (fn: (bytes: Uint8Array) => unknown) => (caller: Caller, bytes: Uint8Array) => {
      seen.callers.push(caller.path);
      return fn(bytes);
    };
    const both = (fn: (bytes: Uint8Array) => unknown) =>
      place === "outside" ? withCaller(borrowing(tell(fn))) : borrowing(withCaller(tell(fn)));
    expect(await run(seen, marked(), both as Mark)).toBe(6);
    expect(seen.callers).toEqual(["unit"]);
    expect(seen.under).toEqual([65536, 65536]);
  });

  test("takes arguments as before when it is called directly", () => {
    const sum = { factor: 2, of: borrowing(sumTimes) };
    expect(sum.of(Uint8Array.of(1, 2))).toBe(6);
  });
});

function sumTimes(this: { factor: number }, bytes: Uint8Array): number {
  return this.factor * bytes.reduce((a, b) => a + b, 0);
}
