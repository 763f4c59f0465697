import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { failure, rawComponent } from "../testing.case.ts";

type Section = [id: number, bytes: readonly number[]];

/** An empty core module; a component whose type section has one function type; an instance type. */
const module: Section = [1, [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]];
const func: Section = [7, [1, 0x40, 0, 1, 0]];
const a = [1, 0x61];

/** What the host must say, sections that come first, and a section in which one byte is right and another is wrong. */
type Twin = readonly [
  message: string,
  before: readonly Section[],
  id: number,
  right: number[],
  wrong: number[],
];

const twins: readonly Twin[] = [
  ["invalid form of a core instance 0x02", [module], 2, [1, 0x01, 0], [1, 0x02, 0]],
  [
    "sort of an argument of a core instance: expected 0x12, found 0x00",
    [module, [2, [1, 1, 0]]],
    2,
    [1, 0, 0, 1, ...a, 0x12, 0],
    [1, 0, 0, 1, ...a, 0x00, 0],
  ],
  ["invalid form of an instance 0x02", [], 5, [1, 0x01, 0], [1, 0x02, 0]],
  ["invalid target of an alias 0x03", [func], 6, [1, 0x03, 0x02, 0, 0], [1, 0x03, 0x03, 0, 0]],
  ["invalid sort 0x06", [func], 6, [1, 0x03, 0x02, 0, 0], [1, 0x06, 0x02, 0, 0]],
  [
    "invalid core sort 0x13",
    [[3, [1, 0x60, 0, 0]]],
    6,
    [1, 0x00, 0x10, 0x02, 0, 0],
    [1, 0x00, 0x13, 0x02, 0, 0],
  ],
  [
    "outer alias of a func: expected a type, module or component",
    [func],
    6,
    [1, 0x03, 0x02, 0, 0],
    [1, 0x01, 0x02, 0, 0],
  ],
  ["invalid type 0x62", [], 7, [1, 0x73], [1, 0x62]],
  [
    "end of a case: expected 0x00, found 0x01",
    [],
    7,
    [1, 0x71, 1, ...a, 0, 0x00],
    [1, 0x71, 1, ...a, 0, 0x01],
  ],
  [
    "expected 0x00 (none) or 0x01 (some), found 0x02",
    [],
    7,
    [1, 0x71, 1, ...a, 0, 0],
    [1, 0x71, 1, ...a, 2, 0],
  ],
  ["empty result list: expected 0x00, found 0x01", [], 7, [1, 0x40, 0, 1, 0x00], [1, 0x40, 0, 1, 0x01]],
  ["invalid result list 0x02", [], 7, [1, 0x40, 0, 0x00, 0x73], [1, 0x40, 0, 0x02, 0x73]],
  ["invalid declaration 0x05 in a component type", [], 7, [1, 0x41, 1, 0x01, 0x73], [1, 0x41, 1, 0x05, 0x73]],
  ["invalid declaration 0x03 in an instance type", [], 7, [1, 0x42, 1, 0x01, 0x73], [1, 0x42, 1, 0x03, 0x73]],
  [
    "invalid declaration 0x04 in a module type",
    [],
    3,
    [1, 0x50, 1, 0x01, 0x60, 0, 0],
    [1, 0x50, 1, 0x04, 0x60, 0, 0],
  ],
  [
    "sort of an alias in a module type: expected 0x10, found 0x00",
    [[3, [1, 0x60, 0, 0]]],
    3,
    [1, 0x50, 1, 0x02, 0x10, 0x01, 1, 0],
    [1, 0x50, 1, 0x02, 0x00, 0x01, 1, 0],
  ],
  [
    "kind of an alias in a module type: expected 0x01, found 0x00",
    [[3, [1, 0x60, 0, 0]]],
    3,
    [1, 0x50, 1, 0x02, 0x10, 0x01, 1, 0],
    [1, 0x50, 1, 0x02, 0x10, 0x00, 1, 0],
  ],
  [
    "sort of a lowered function: expected 0x00, found 0x01",
    [func, [10, [1, 0, ...a, 1, 0]]],
    8,
    [1, 0x01, 0x00, 0, 0],
    [1, 0x01, 0x01, 0, 0],
  ],
  [
    "invalid canonical option 0x0a",
    [func, [10, [1, 0, ...a, 1, 0]]],
    8,
    [1, 0x01, 0x00, 0, 1, 0x00],
    [1, 0x01, 0x00, 0, 1, 0x0a],
  ],
  ["invalid canonical function 0x07", [[7, [1, 0x3f, 0x7f, 0]]], 8, [1, 0x03, 0], [1, 0x07, 0]],
  ["invalid canonical function 0x43", [[7, [1, 0x3f, 0x7f, 0]]], 8, [1, 0x03, 0], [1, 0x43, 0]],
  ["invalid form of a name 0x03", [func], 10, [1, 0x01, ...a, 1, 0], [1, 0x03, ...a, 1, 0]],
  [
    "invalid attribute 0x03",
    [func],
    10,
    [1, 0x02, ...a, 1, 0x02, ...a, 1, 0],
    [1, 0x02, ...a, 1, 0x03, ...a, 1, 0],
  ],
  ["invalid bound of a type 0x02", [], 10, [1, 0, ...a, 3, 0x01], [1, 0, ...a, 3, 0x02]],
  ["invalid kind of an import or export 0x06", [func], 10, [1, 0, ...a, 0x01, 0], [1, 0, ...a, 0x06, 0]],
  [
    "kind of a core import or export: expected 0x11, found 0x00",
    [[3, [1, 0x50, 0]]],
    10,
    [1, 0, ...a, 0x00, 0x11, 0],
    [1, 0, ...a, 0x00, 0x00, 0],
  ],
  [
    "expected 0x00 (none) or 0x01 (some), found 0x02",
    [func, [10, [1, 0, ...a, 1, 0]]],
    11,
    [1, 0, 1, 0x62, 1, 0, 0x00],
    [1, 0, 1, 0x62, 1, 0, 0x02],
  ],
  ["invalid UTF-8 in a name", [func], 10, [1, 0, 1, 0x61, 1, 0], [1, 0, 1, 0xff, 1, 0]],
  [
    "invalid LEB128: more than 32 bits",
    [],
    7,
    [0x81, 0x80, 0x80, 0x80, 0x00, 0x73],
    [0x81, 0x80, 0x80, 0x80, 0x70, 0x73],
  ],
  ["2 types announced, but only 1 bytes are left", [], 7, [1, 0x73], [2, 0x73]],
  [
    "version of a core module: expected 1",
    [],
    1,
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0],
  ],
];

describe("malformed bytes", () => {
  it.each(twins)("%s", (message, before, id, right, wrong) => {
    expect(decodeComponent(rawComponent(...before, [id, right])).bytes.length).toBeGreaterThan(8);
    const bytes = rawComponent(...before, [id, wrong]);
    const error = failure(() => decodeComponent(bytes), "malformed");
    expect(error.message).toContain(message);
    expect(error.offset).toBeGreaterThanOrEqual(8);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
  });

  it("include a section whose number there is not, whatever follows", () => {
    const bytes = Uint8Array.from([...rawComponent(), 0xff]);
    expect(failure(() => decodeComponent(bytes), "malformed").message).toContain("invalid section 255");
  });
});
