import type { Component } from "@playhead/component-model";
import { GuestUnderTest, loadGuest } from "@playhead/guest/test-kit";
import { beforeAll, describe, expect, it } from "vitest";
import { type JpegOptions, writeJpeg } from "./testing/jpeg-writer.ts";
import { type Coded, type Plane, randomNumbers, randomPicture, samplesOf, shrink } from "./testing/picture-source.ts";

interface DecodedFrame {
  readonly camera: number;
  readonly timestamp: bigint;
  readonly sequence: bigint;
  readonly width: number;
  readonly height: number;
  readonly format: "gray8" | "yuv420";
  readonly pixels: Uint8Array;
}

const START_US = 1_700_000_000_000_000;
const GRAY = [[1, 1]] as const;
const YUV_420 = [[2, 2], [1, 1], [1, 1]] as const;
const YUV_422 = [[2, 1], [1, 1], [1, 1]] as const;
const YUV_440 = [[1, 2], [1, 1], [1, 1]] as const;
const YUV_444 = [[1, 1], [1, 1], [1, 1]] as const;
const YUV_411 = [[4, 1], [1, 1], [1, 1]] as const;

/** A camera payload (wit/PAYLOADS.md). */
function payload(data: Uint8Array, format = 0, width = 0, height = 0, stride = 0): Uint8Array {
  const header = new Uint8Array(Uint32Array.of(format, width, height, stride).buffer);
  return Buffer.concat([header, data]);
}

/** A decoder with one camera, which is given one picture after the other. */
class OneCamera {
  readonly guest: GuestUnderTest;
  #nowUs = START_US;

  constructor(component: Component) {
    this.guest = new GuestUnderTest(component, { sensors: [{ name: "/camera", kind: "camera" }] });
    expect(this.guest.init()).toBeUndefined();
  }

  /** The frame of a payload; `undefined` where it was not decoded. */
  decode(data: Uint8Array): DecodedFrame | undefined {
    const afterUs = this.#nowUs;
    this.#nowUs += 40_000;
    this.guest.add({ sensor: "/camera", timeUs: this.#nowUs, payload: data });
    expect(this.guest.step(this.#nowUs)).toBeUndefined();
    return latest(this.guest, 0, BigInt(afterUs));
  }

  get lastLog(): string | undefined {
    return this.guest.diagnostics.log.at(-1)?.message;
  }
}

function latest(guest: GuestUnderTest, camera: number, after: bigint): DecodedFrame | undefined {
  const call = guest.function("frames", "latest") as (camera: number, after: bigint) => DecodedFrame | undefined;
  return call(camera, after);
}

/** The planes that a decoder has to give, by the definition of the transform. */
function expectedPixels(picture: Coded): Uint8Array {
  const mostAcross = Math.max(...picture.planes.map((plane) => plane.across));
  const mostDown = Math.max(...picture.planes.map((plane) => plane.down));
  return Buffer.concat(
    picture.planes.map((plane: Plane, i) => {
      const samples = samplesOf(plane, picture.steps);
      const times = i === 0 ? 1 : 2;
      return shrink(plane, samples, (times * plane.across) / mostAcross, (times * plane.down) / mostDown);
    }),
  );
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
}

let component: Component;
beforeAll(async () => {
  component = await loadGuest(new URL(".", import.meta.url));
}, 120_000);

describe("JPEG", () => {
  const kinds: [string, JpegOptions][] = [
    ["baseline", {}],
    ["progressive", { progressive: true }],
    ["with restart markers", { restartInterval: 3 }],
    ["progressive with restart markers", { progressive: true, restartInterval: 2 }],
    ["with a scan for each component", { separateScans: true }],
    ["with steps of 16 bits", { wideSteps: true }],
  ];
  const samplings = { "4:2:0": YUV_420, "4:2:2": YUV_422, "4:4:0": YUV_440, "4:4:4": YUV_444, gray: GRAY };

  for (const [kind, options] of kinds) {
    for (const [name, sampling] of Object.entries(samplings)) {
      it(`${name}, ${kind}: exact to 2 in every sample`, () => {
        const camera = new OneCamera(component);
        for (const [width, height] of [[96, 48], [83, 61], [1, 1], [16, 17], [35, 8]] as const) {
          const picture = randomPicture(width + height, width, height, sampling);
          const frame = camera.decode(payload(writeJpeg(picture, options)));
          expect(frame, camera.lastLog).toMatchObject({ width, height, format: name === "gray" ? "gray8" : "yuv420" });
          expect(largestDifference(frame?.pixels ?? new Uint8Array(), expectedPixels(picture))).toBeLessThanOrEqual(2);
        }
      });
    }
  }

  it("gives the same pixels for the same coefficients, however they are coded", () => {
    const camera = new OneCamera(component);
    const picture = randomPicture(5, 120, 90, YUV_420);
    const [first, ...others] = kinds.map(([, options]) => camera.decode(payload(writeJpeg(picture, options)))?.pixels);
    for (const other of others) expect(largestDifference(first as Uint8Array, other as Uint8Array)).toBe(0);
  });

  it("takes chrominance that is four times coarser", () => {
    const camera = new OneCamera(component);
    const picture = randomPicture(11, 64, 16, YUV_411);
    const frame = camera.decode(payload(writeJpeg(picture)));
    const luma = samplesOf(picture.planes[0] as Plane, picture.steps);
    expect(largestDifference(frame?.pixels.subarray(0, luma.length) as Uint8Array, luma)).toBeLessThanOrEqual(2);
    const blue = samplesOf(picture.planes[1] as Plane, picture.steps);
    // 16 × 16 samples of chrominance become 32 × 8: each twice across, the mean of two downwards.
    const found = frame?.pixels[luma.length + 5] ?? 0;
    expect(Math.abs(found - ((blue[2] ?? 0) + (blue[16 + 2] ?? 0)) / 2)).toBeLessThanOrEqual(2);
  });

  it("knows red, green and blue by an Adobe segment and by their names", () => {
    const camera = new OneCamera(component);
    const picture = randomPicture(3, 40, 24, YUV_444);
    const planes = picture.planes.map((plane) => samplesOf(plane, picture.steps));
    for (const options of [{ adobeTransform: 0 }, { ids: [0x52, 0x47, 0x42] }]) {
      const frame = camera.decode(payload(writeJpeg(picture, options)));
      for (const i of [0, 77, 500]) {
        const [r, g, b] = planes.map((plane) => plane[i] ?? 0) as [number, number, number];
        expect(Math.abs((frame?.pixels[i] ?? 0) - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThanOrEqual(3);
      }
    }
  });

  it("uses the standard's Huffman tables where there are none", () => {
    const camera = new OneCamera(component);
    const random = randomPicture(9, 48, 32, GRAY);
    const flat = random.planes.map((plane) => ({
      ...plane,
      blocks: plane.blocks.map((block) => Int16Array.from({ length: 64 }, (_, k) => (k === 0 ? (block[0] ?? 0) : 0))),
    }));
    const picture = { ...random, planes: flat };
    const frame = camera.decode(payload(writeJpeg(picture, { withoutTables: true })));
    expect(largestDifference(frame?.pixels as Uint8Array, expectedPixels(picture))).toBeLessThanOrEqual(1);
  });

  it("needs no last marker, and skips what it does not know", () => {
    const camera = new OneCamera(component);
    const jpeg = writeJpeg(randomPicture(2, 40, 40, YUV_420));
    const comment = [0xff, 0xff, 0xfe, 0, 4, 0x68, 0x69];
    const changed = Uint8Array.from([...jpeg.subarray(0, 2), ...comment, ...jpeg.subarray(2, -2)]);
    const pixels = camera.decode(payload(jpeg))?.pixels;
    expect(camera.decode(payload(changed))?.pixels).toEqual(pixels);
  });
});

describe("bad pictures", () => {
  const good = writeJpeg(randomPicture(1, 64, 64, YUV_420));

  it("are skipped with a reason, and the next good one is decoded", () => {
    const camera = new OneCamera(component);
    const bad: [string, Uint8Array][] = [
      ["shorter than its header", new Uint8Array(7)],
      ["format of the payload is unknown", payload(good, 99)],
      ["PNG is not supported", payload(good, 1)],
      ["do not start as a JPEG", payload(new Uint8Array(100))],
      ["ends too early", payload(good.subarray(0, good.length >> 1))],
      ["ends too early", payload(good.subarray(0, 30))],
      ["larger than 8192", payload(patch(good, 0xc0, 3, [0xff, 0xff]))],
      ["more than 8 bits", payload(patch(good, 0xc0, 0, [12]))],
      ["arithmetically coded", payload(patch(good, 0xc0, -3, [0xc9]))],
      ["impossible width", payload(patch(good, 0xc0, 1, [0, 0]))],
      ["table that it does not define", payload(patch(good, 0xda, 2, [0x33]))],
    ];
    for (const [reason, data] of bad) {
      expect(camera.decode(payload(good))).toBeDefined();
      expect(camera.decode(data)).toBeUndefined();
      expect(camera.lastLog).toContain(reason);
      expect(camera.guest.diagnostics.health?.state).toBe("degraded");
    }
    expect(camera.decode(payload(good))).toBeDefined();
    expect(camera.guest.diagnostics.health?.state).toBe("ok");
    expect(camera.guest.diagnostics.metrics.get("frames-bad")).toBe(bad.length);
    expect(camera.guest.diagnostics.metrics.get("frames-decoded")).toBe(bad.length + 1);
  });

  it("keep the picture before them", () => {
    const camera = new OneCamera(component);
    const frame = camera.decode(payload(good));
    camera.decode(payload(good.subarray(0, 200)));
    expect(latest(camera.guest, 0, -1n)).toEqual(frame);
  });

  it("say the same thing once", () => {
    const camera = new OneCamera(component);
    for (let i = 0; i < 5; i++) camera.decode(payload(good, 1));
    expect(camera.guest.diagnostics.log).toHaveLength(1);
  });

  it("never trap, whatever bytes are wrong", () => {
    const camera = new OneCamera(component);
    const next = randomNumbers(42);
    const originals = [{}, { progressive: true }, { restartInterval: 2 }].map((options) =>
      writeJpeg(randomPicture(8, 50, 34, YUV_420), options),
    );
    let decoded = 0;
    for (let i = 0; i < 600; i++) {
      const bytes = Uint8Array.from(originals[i % originals.length] as Uint8Array);
      for (let k = 1 + next() * 5; k > 0; k--) bytes[Math.floor(next() * bytes.length)] = next() * 256;
      const length = next() < 0.3 ? Math.floor(next() * bytes.length) : bytes.length;
      if (camera.decode(payload(bytes.subarray(0, length))) !== undefined) decoded++;
    }
    expect(camera.guest.diagnostics.metrics.get("frames-bad")).toBe(600 - decoded);
    expect(camera.decode(payload(good))).toBeDefined();
  });
});

/** Overwrites bytes in the first segment with a marker; the place counts from its contents. */
function patch(jpeg: Uint8Array, marker: number, place: number, bytes: readonly number[]): Uint8Array {
  const at = Buffer.from(jpeg).indexOf(Buffer.from([0xff, marker]));
  const patched = Uint8Array.from(jpeg);
  patched.set(bytes, at + 4 + place);
  return patched;
}

describe("raw payloads", () => {
  const [width, height] = [5, 3];

  it("are copied without the padding of their rows", () => {
    const camera = new OneCamera(component);
    const gray = Uint8Array.from({ length: 8 * height }, (_, i) => i);
    const frame = camera.decode(payload(gray, 2, width, height, 8));
    expect(frame).toMatchObject({ width, height, format: "gray8" });
    expect([...(frame?.pixels ?? [])]).toEqual([0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 16, 17, 18, 19, 20]);
    const planar = Uint8Array.from({ length: width * height + 2 * 3 * 2 }, (_, i) => i);
    expect(camera.decode(payload(planar, 7, width, height))?.pixels).toEqual(planar);
  });

  it("of colours become luminance and chrominance", () => {
    const camera = new OneCamera(component);
    const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 160, 30], [255, 255, 255]];
    for (const rgb of colours) {
      const [r, g, b] = rgb as [number, number, number];
      const expected = [
        0.299 * r + 0.587 * g + 0.114 * b,
        128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
        128 + 0.5 * r - 0.418688 * g - 0.081312 * b,
      ].map((value) => Math.min(255, Math.round(value)));
      const orders: [number, number[]][] = [[3, [r, g, b]], [4, [b, g, r]], [5, [r, g, b, 7]], [6, [b, g, r, 7]]];
      for (const [format, pixel] of orders) {
        const data = Uint8Array.from(Array.from({ length: width * height }, () => pixel).flat());
        const pixels = camera.decode(payload(data, format, width, height))?.pixels ?? new Uint8Array();
        expect([pixels[0], pixels[width * height], pixels[width * height + 6]]).toEqual(expected);
      }
    }
  });

  it("that are too short or impossible are refused", () => {
    const camera = new OneCamera(component);
    for (const [data, reason] of [
      [payload(new Uint8Array(10), 2, width, height), "fewer bytes"],
      [payload(new Uint8Array(width * height), 7, width, height), "fewer bytes"],
      [payload(new Uint8Array(99), 3, width, height, 4), "impossible width"],
      [payload(new Uint8Array(99), 3, 0, height), "impossible width"],
      [payload(new Uint8Array(99), 3, 0xffffffff, 0xffffffff), "larger than"],
    ] as const) {
      expect(camera.decode(data)).toBeUndefined();
      expect(camera.lastLog).toContain(reason);
    }
  });
});

describe("cameras", () => {
  it("are told apart, and give the newest picture only", () => {
    const sensors = [
      { name: "/imu", kind: "imu" },
      { name: "/left", kind: "camera" },
      { name: "/right", kind: "camera" },
    ] as const;
    const guest = new GuestUnderTest(component, { sensors });
    guest.init();
    const gray = (value: number) => payload(new Uint8Array(4).fill(value), 2, 2, 2);
    guest.add(
      { sensor: "/left", timeUs: START_US + 1, payload: gray(1) },
      { sensor: "/imu", timeUs: START_US + 2, payload: new Uint8Array(80) },
      { sensor: "/right", timeUs: START_US + 3, payload: gray(2) },
      { sensor: "/left", timeUs: START_US + 4, payload: gray(3) },
    );
    expect(guest.step(START_US + 10)).toBeUndefined();
    expect([...(guest.function("frames", "cameras")() as Uint32Array)]).toEqual([1, 2]);
    expect(latest(guest, 1, -1n)).toMatchObject({ timestamp: BigInt(START_US + 4), sequence: 1n });
    expect(latest(guest, 2, -1n)?.pixels[0]).toBe(2);
    expect(latest(guest, 2, BigInt(START_US + 3))).toBeUndefined();
    expect(latest(guest, 0, -1n)).toBeUndefined();
    expect(guest.diagnostics.metrics.get("frames-decoded")).toBe(2);
  });

  it("are missed, but not needed", () => {
    const guest = new GuestUnderTest(component, { sensors: [{ name: "/imu", kind: "imu" }] });
    expect(guest.init()).toBeUndefined();
    expect(guest.step(START_US)).toBeUndefined();
    expect(guest.diagnostics.health).toEqual({ state: "degraded", reason: "the drive has no camera" });
    expect([...(guest.function("frames", "cameras")() as Uint32Array)]).toEqual([]);
    expect(guest.init({ speed: "9" })).toContain("speed");
  });
});
