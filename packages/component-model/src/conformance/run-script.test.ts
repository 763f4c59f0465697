import { describe, expect, it } from "vitest";
import { ComponentModelError } from "../errors.ts";
import { assemble } from "../testing.case.ts";
import { explanation, isExpected } from "./match-reason.ts";
import { printReport } from "./report.ts";
import { runScript } from "./run-script.ts";
import { readScript } from "./script.ts";
import { spectestImports } from "./spectest-host.ts";

async function run(source: string) {
  return runScript(readScript(source), { assemble, imports: await spectestImports(assemble) });
}

/** `kind: outcome` of each directive, with the detail where there is one. */
async function outcomes(source: string): Promise<string[]> {
  return (await run(source)).map(({ kind, outcome, detail }) =>
    detail === "" ? `${kind}: ${outcome}` : `${kind}: ${outcome}: ${detail}`,
  );
}

const half = `
  (core module $m (func (export "half") (param i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then unreachable))
    (i32.shr_u (local.get 0) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func (export "half") (param "x" u32) (result u32) (canon lift (core func $i "half")))`;

describe("runScript", () => {
  it("makes components, definitions and instances, and calls them", async () => {
    expect(
      await outcomes(`
        (component $A ${half})
        (assert_return (invoke "half" (u32.const 8)) (u32.const 4))
        (component definition $D ${half})
        (component instance $one $D)
        (component instance $two $D)
        (assert_trap (invoke $one "half" (u32.const 3)) "unreachable")
        (assert_return (invoke $two "half" (u32.const 2)) (u32.const 1))
        (invoke $A "half" (u32.const 2))`),
    ).toEqual([
      "component: passed",
      "assert_return: passed",
      "component definition: passed",
      "component instance: passed",
      "component instance: passed",
      "assert_trap: passed",
      "assert_return: passed",
      "invoke: failed: expected [], got [1]",
    ]);
  });

  it("lets later components import earlier ones, by their names or those that they are registered under", async () => {
    const user = (name: string) => `(component
      (import "${name}" (instance $a (export "half" (func (param "x" u32) (result u32)))))
      (export "again" (func $a "half")))
      (assert_return (invoke "again" (u32.const 6)) (u32.const 3))`;
    const verdicts = await run(`(component $A ${half}) ${user("A")} (register "b" $A) ${user("b")}`);
    expect(verdicts.map((verdict) => verdict.outcome)).toEqual(new Array(6).fill("passed"));
  });

  it("says what is different", async () => {
    const [, wrong, trapped, kept, unknown] = await outcomes(`
      (component ${half})
      (assert_return (invoke "half" (u32.const 8)) (u32.const 5))
      (assert_return (invoke "half" (u32.const 7)) (u32.const 3))
      (assert_trap (component definition) "unreachable")
      (assert_return (invoke "third"))`);
    expect(wrong).toBe("assert_return: failed: expected [5], got [4]");
    expect(trapped).toContain("assert_return: failed: trap: ");
    expect(kept).toBe('assert_trap: failed: expected "unreachable", but nothing was refused');
    expect(unknown).toBe("assert_return: failed: the instance exports no function third");
  });

  it("holds assertions of refusals to their reasons", async () => {
    expect(
      await outcomes(`
        (assert_invalid (component (type (list 5))) "type index out of bounds")
        (assert_invalid (component (type (list 5))) "type nesting is too deep")
        (assert_malformed (component binary "\\00asm\\0d\\00\\01\\00\\99") "malformed section id")
        (assert_malformed (component quote "(type (list") "unexpected token")
        (assert_unlinkable (component (import "nowhere" (func))) "was not found")
        (assert_unlinkable (component (import "host-return-two" (instance))) "expected instance found func")
        (assert_invalid (component (import "c" (component))) "root-level component imports are not supported")`),
    ).toEqual([
      "assert_invalid: passed",
      expect.stringContaining(
        'assert_invalid: failed: expected "type nesting is too deep", refused because of invalid: type index 5',
      ),
      "assert_malformed: passed",
      expect.stringContaining("assert_malformed: not encodable: "),
      "assert_unlinkable: passed",
      "assert_unlinkable: passed",
      "assert_invalid: explained: a limit of wasmtime: this host takes and gives components at the root",
    ]);
  });

  it("names the feature that puts something out of scope, and what depends on it with it", async () => {
    const verdicts = await run(`
      (component $A (type (future u8)))
      (invoke $A "f")
      (component instance $B $A)
      (assert_invalid (component (type (stream u8))) "whatever")`);
    expect(verdicts.map((verdict) => `${verdict.outcome}: ${verdict.detail}`)).toEqual([
      "out of scope: futures (future types)",
      "out of scope: futures (future types)",
      "failed: there is nothing called $A",
      "out of scope: streams (stream types)",
    ]);
    expect(printReport([{ name: "x.wast", verdicts }], false).slice(0, 4)).toEqual([
      "x.wast: 1 failed, 3 out of scope",
      "  2 × out of scope: futures (future types)",
      "  1 × out of scope: streams (stream types)",
      "  line 4, component instance: failed: there is nothing called $A",
    ]);
  });

  it("gives scripts the host that they expect", async () => {
    const verdicts = await run(`
      (component
        (import "host" (instance $host
          (export "resource1" (type $r (sub resource)))
          (export "[constructor]resource1" (func (param "r" u32) (result (own $r))))
          (export "[static]resource1.drops" (func (result u32)))
          (export "return-three" (func (result u32)))))
        (alias export $host "resource1" (type $r))
        (core func $new (canon lower (func $host "[constructor]resource1")))
        (core func $drops (canon lower (func $host "[static]resource1.drops")))
        (core func $drop (canon resource.drop $r))
        (core module $m
          (import "" "new" (func $new (param i32) (result i32)))
          (import "" "drop" (func $drop (param i32)))
          (import "" "drops" (func $drops (result i32)))
          (func (export "f") (result i32) (call $drop (call $new (i32.const 7))) (call $drops)))
        (core instance $i (instantiate $m (with "" (instance
          (export "new" (func $new)) (export "drop" (func $drop)) (export "drops" (func $drops))))))
        (func (export "f") (result u32) (canon lift (core func $i "f")))
        (export "three" (func $host "return-three")))
      (assert_return (invoke "f") (u32.const 1))
      (assert_return (invoke "three") (u32.const 3))`);
    expect(verdicts.map((verdict) => `${verdict.outcome}${verdict.detail}`)).toEqual([
      "passed",
      "passed",
      "passed",
    ]);
  });

  it("refuses to read what is no script", () => {
    expect(() => readScript("(assert_return)")).toThrow("line 1: cannot read an invocation");
    expect(() => readScript("\n(module)")).toThrow("line 2: cannot read directive module");
    expect(() => readScript("(assert_invalid (component) )")).toThrow("expected a string");
  });
});

describe("reasons", () => {
  const error = (message: string) => new ComponentModelError("invalid", message);

  it("hold by the code and the words of the host, with the names that the script gives", () => {
    const expected = "export name `A` conflicts with previous name `a`";
    expect(
      isExpected(
        "assert_invalid",
        expected,
        error('export name "A" conflicts with the earlier "a" (byte 3)'),
      ),
    ).toBe(true);
    expect(
      isExpected(
        "assert_invalid",
        expected,
        error('export name "B" conflicts with the earlier "a" (byte 3)'),
      ),
    ).toBe(false);
    expect(
      isExpected("assert_malformed", expected, error('export name "A" conflicts with the earlier "a"')),
    ).toBe(false);
    expect(isExpected("assert_invalid", "the very words", error("these are the very words"))).toBe(true);
  });

  it("are explained only where the host says what the explanation is about", () => {
    expect(explanation("unreachable", "string of 300000000 bytes is longer than 268435455")).toContain(
      "MAX_STRING",
    );
    expect(explanation("unreachable", "RuntimeError: integer overflow")).toBeUndefined();
    expect(explanation("unreachable", undefined)).toBeUndefined();
  });
});
