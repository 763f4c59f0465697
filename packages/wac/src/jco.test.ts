import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ExternType } from "@playhead/component-model";
import { describe, expect, test } from "vitest";
import { adder } from "./adders.case.ts";
import { packagesOf } from "./components.case.ts";
import { encodeComposition } from "./encode/encode-composition.ts";
import { underJco } from "./jco.case.ts";
import { FilePackages } from "./node/file-packages.ts";
import { compose } from "./resolve/resolve.ts";

const components = fileURLToPath(new URL("../../../components", import.meta.url));
const built = existsSync(`${components}/build/adas/visualizer.wasm`);

describe("a composed component under jco", () => {
  test("runs as it does here", async () => {
    const text = `package a:b;
      let first = new test:one { ... };
      let second = new test:ten { number: first.number, ... };
      export second.number as sum; export first.number as first;`;
    const resolver = packagesOf({ "test:one": await adder(1), "test:ten": await adder(10) });
    const notes: unknown[] = [];
    const imports = {
      "test:w/number": { get: () => 100 },
      "test:w/log": { note: (value: number) => notes.push(value) },
    };
    await underJco(encodeComposition(await compose(text, { resolver })), imports, ({ sum, first }) => {
      expect([sum?.get?.(), first?.get?.()]).toEqual([111, 101]);
    });
    expect(notes).toEqual([101, 111, 101]);
  });

  test.skipIf(!built)("may be the driver-assistance pipeline: it loads, and its units start", async () => {
    const text = await readFile(`${components}/adas.wac`, "utf8");
    const resolver = new FilePackages({ directories: [`${components}/build`] });
    const composition = await compose(text, { resolver });
    const imports = Object.fromEntries(
      composition.imports.map(({ name, type }) => [name.replace(/@.*$/, ""), silentHost(type)]),
    );
    await underJco(encodeComposition(composition), imports, (exports) => {
      const units = Object.keys(exports).filter((name) => exports[name]?.step !== undefined);
      expect(units).toHaveLength(5);
      expect(() => exports.safetyMonitor?.init?.([])).not.toThrow();
    });
  });
});

/** A host whose functions give nothing, an empty list, or zero. */
function silentHost(type: ExternType): Record<string, unknown> {
  const exports = type.kind === "instance" ? [...type.type.exports] : [];
  return Object.fromEntries(
    exports.map(([name, { kind, type: of }]) => {
      const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const result = kind === "func" ? of.result?.kind : undefined;
      return [camel, () => (result === "list" ? [] : result === "u32" ? 0 : undefined)];
    }),
  );
}
