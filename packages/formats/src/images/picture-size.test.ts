import { describe, expect, test } from "vitest";
import { pictureSize } from "./picture-size.ts";

/** What cameras put before the frame: an application's segment, and tables. */
const BEFORE = [0xff, 0xe0, 0, 6, 1, 2, 3, 4, 0xff, 0xc4, 0, 3, 9];

describe("the size of a picture", () => {
  test.each([
    ["baseline", 0xc0],
    ["progressive", 0xc2],
  ])("of a JPEG, %s", (_, frame) => {
    const picture = Uint8Array.from([0xff, 0xd8, ...BEFORE, 0xff, 0xff, frame, 0, 17, 8, 2, 28, 3, 192, 3]);
    expect(pictureSize(picture)).toEqual({ width: 960, height: 540 });
  });

  test("of a PNG", () => {
    const picture = new Uint8Array(33);
    picture.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
    new DataView(picture.buffer).setUint32(16, 640);
    new DataView(picture.buffer).setUint32(20, 360);
    expect(pictureSize(picture.subarray(0))).toEqual({ width: 640, height: 360 });
    expect(pictureSize(picture.subarray(0, 20))).toBeUndefined();
  });

  test.each([
    ["nothing", []],
    ["something else", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["a JPEG that ends early", [0xff, 0xd8, ...BEFORE, 0xff, 0xc0, 0, 17, 8, 2]],
    ["a JPEG with its size at its end", [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 3, 192, 3]],
    ["a JPEG with segments of no length", [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0, 0]],
  ])("is not known of %s", (_, bytes) => {
    expect(pictureSize(Uint8Array.from(bytes))).toBeUndefined();
  });
});
