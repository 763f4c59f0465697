import { type Component, decodeComponent, exportsOf, isExtern } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { adder } from "./adders.case.ts";
import { componentFrom } from "./components.case.ts";
import { encodeComposition } from "./encode/encode-composition.ts";
import { link } from "./link.ts";
import { plug } from "./plug.ts";
import { wiresOf } from "./wires.ts";

let one: Component;
let ten: Component;
let newer: Component;

beforeAll(async () => {
  const decode = (bytes: Uint8Array): Component => decodeComponent(bytes);
  one = decode(await adder(1));
  ten = decode(await adder(10));
  newer = decode(
    await componentFrom(`(component
      (core module $m (func (export "get") (result i32) (i32.const 7)))
      (core instance $i (instantiate $m))
      (func $f (result u32) (canon lift (core func $i "get")))
      (instance $n (export "get" (func $f)) (export "more" (func $f)))
      (export "test:w/number@0.1.4" (instance $n)))`),
  );
});

describe("plugs", () => {
  test("give a socket what it imports; the first that fits is taken", () => {
    const composition = plug({ name: "socket", component: one }, [
      { name: "a", component: ten },
      { name: "b", component: one },
    ]);
    expect(wiresOf(composition)).toEqual([
      {
        consumer: "socket",
        importName: "test:w/number@0.1.0",
        provider: "a",
        exportPath: ["test:w/number@0.1.0"],
      },
    ]);
    expect([...composition.exports.keys()]).toEqual(["test:w/number@0.1.0"]);
    expect(composition.imports.map(({ name }) => name).sort()).toEqual([
      "test:w/log@0.1.0",
      "test:w/number@0.1.0",
    ]);
  });

  test("may have a later version, and run as one component", () => {
    const composition = plug({ name: "socket", component: one }, [{ name: "plug", component: newer }]);
    decodeComponent(encodeComposition(composition));
    const { exports } = link(composition, { imports: { "test:w/log@0.1.0": { note: () => {} } } });
    const number = exports.get("test:w/number@0.1.0")?.value;
    expect(isExtern(number) && number.kind === "instance" && exportsOf(number).get?.()).toBe(8);
  });

  test("that have nothing for the socket are an error that says what there is", () => {
    expect(() => plug({ name: "socket", component: newer }, [{ name: "plug", component: one }])).toThrow(
      expect.objectContaining({
        code: "unmatched-spread",
        notes: ["`socket` imports nothing", "`plug` exports `test:w/number@0.1.0`"],
      }),
    );
  });
});
