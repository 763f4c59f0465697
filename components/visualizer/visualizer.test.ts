import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Probe, putBytes, startProbe } from "../testing/wasm.ts";

interface VisualizerProbe extends Probe {
  clear(timeUs: bigint, speed: number, yawRate: number): void;
  tracks(values: number, count: number): void;
  detections(source: number, sensor: number, timeUs: bigint, values: number, count: number): void;
  age(nowUs: bigint): number;
  point(x: number, y: number, z: number): void;
  target(x: number, y: number, rangeRate: number): void;
  alert(kind: number, severity: number, track: number, time: number, distance: number): void;
  drawBirdsEye(): void;
  drawCamera(): void;
  noCamera(): void;
  makeString(source: number, units: number): number;
  cameraSays(key: number, value: number): void;
  chooseCamera(name: number, sensor: number): void;
  measureCamera(payload: number, length: number): number;
  pictureSize(payload: number, length: number): number;
  writeNumber(value: number, decimals: number, padded: boolean): void;
  svgPointer(): number;
  svgLength(): number;
}

const ELEMENTS = /^(svg|g|path|rect|circle|line|polyline|polygon|ellipse|text|tspan|defs|linearGradient|stop|clipPath|image|title)$/;
const nowUs = 1_700_000_000_123_456n;
const CAMERA = 0;
const LIDAR = 1;
const unknown = Number.NaN;
// id, class, confidence, age, x, y, vx, vy, ax, four deviations, length, width, height
const car = [3, 1, 0.97, 5, 24, 0.4, -6, 0, -3, 0.1, 0.1, 0.3, 0.3, 4.5, 1.8, 1.5];
const oncoming = [5, 1, 0.97, 5, 48, 4.1, -32, -0.5, 0, 0.3, 0.3, 0.3, 0.3, unknown, 1.8, 1.5];
const pedestrian = [7, 3, 0.9, 3, 31, -4.2, -17.3, 1.3, 0, 0.1, 0.1, 0.3, 0.3, 0.5, 0.6, 1.75];
const thing = [11, 0, 0.9, 3, 12, -7, -17.3, 0, 0, 0.1, 0.1, 0.3, 0.3, unknown, unknown, unknown];
// class, score, x, y, their deviations, range rate, its deviation, length, width, height, 0, box
const carSeen = [1, 0.9, 26, 0.3, 3, 0.3, unknown, unknown, unknown, 1.8, 1.5, 0, 280, 170, 350, 230];

let probe: VisualizerProbe;
beforeAll(async () => {
  probe = await startProbe<VisualizerProbe>("visualizer/probe.ts");
});
beforeEach(() => {
  probe.noCamera();
  probe.clear(nowUs, 17.3, 0.03);
});

const floats = (rows: readonly number[][]) => putBytes(probe, new Uint8Array(new Float32Array(rows.flat()).buffer));
const text = (content: string) => probe.makeString(putBytes(probe, Buffer.from(content, "utf16le")), content.length);
const svg = () => Buffer.from(probe.memory.buffer, probe.svgPointer(), probe.svgLength() * 2).toString("utf16le");

function setTracks(...rows: number[][]): void {
  probe.tracks(floats(rows), rows.length);
}

function setDetections(source: number, ...rows: number[][]): void {
  probe.detections(source, 2, nowUs, floats(rows), rows.length);
}

function useCamera(name: string, calibrated: boolean): void {
  const calibration = { "camera.fx": "500", "camera.fy": "500", "camera.cx": "320", "camera.cy": "180", "mount.x": "-1.6", "mount.z": "1.35" };
  if (calibrated) for (const [key, value] of Object.entries(calibration)) probe.cameraSays(text(key), text(value));
  probe.chooseCamera(text(name), 2);
}

function birdsEye(): string {
  probe.drawBirdsEye();
  return svg();
}

function camera(): string {
  probe.drawCamera();
  return svg();
}

/** Fails unless the text is well-formed, with none but harmless elements and finite numbers. Returns the names of its elements. */
function check(document: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, closing, name, attributes, selfClosing] of document.matchAll(/<(\/?)([A-Za-z]+)((?: [\w-]+(?::\w+)?="[^"<>]*")*)(\/?)>/g)) {
    expect(name).toMatch(ELEMENTS);
    expect(attributes).not.toMatch(/ (style|on\w+|class)=/);
    names.push(name!);
    if (closing) expect(open.pop()).toBe(name);
    else if (!selfClosing) open.push(name!);
  }
  expect(open).toEqual([]);
  expect(document.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
  expect(document).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(document).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+" viewBox="0 0 \d+ \d+" font-family="DejaVu Sans">/);
  return names;
}

describe("numbers", () => {
  it("are written in one way", () => {
    const written = (value: number, decimals: number, padded = false) => {
      probe.writeNumber(value, decimals, padded);
      return svg();
    };
    expect([written(1.25, 1), written(-1.25, 1), written(-0.04, 1), written(3, 2), written(0.105, 3)]).toEqual(["1.3", "-1.3", "0", "3", "0.105"]);
    expect([written(2, 1, true), written(0.999, 2, true), written(12345678, 0)]).toEqual(["2.0", "1.00", "12345678"]);
    expect([written(Number.NaN, 1), written(Number.NEGATIVE_INFINITY, 0), written(1e30, 0)]).toEqual(["0", "0", "1000000000"]);
  });
});

describe("view from above", () => {
  it("draws an empty drive", () => {
    probe.clear(0n, unknown, unknown);
    check(birdsEye());
    expect(svg()).toContain(">00:00:00.000<");
    expect(svg()).toContain("0 tracks");
  });

  it("shows speed, time, and each track with its number and speed over ground", () => {
    setTracks(car, oncoming, pedestrian, thing);
    check(birdsEye());
    expect(svg()).toContain(">22:13:20.123<");
    expect(svg()).toContain(">62<");
    for (const label of [">3 · 41 km/h<", ">5 · 53 km/h<", ">7 · 5 km/h<", ">11<", "4 tracks"]) expect(svg()).toContain(label);
  });

  it("shows relative speeds with their sign where its own is not known", () => {
    probe.clear(nowUs, unknown, unknown);
    setTracks(car);
    expect(birdsEye()).toContain(">3 · −22 km/h<");
  });

  it("puts the alert into words and colours", () => {
    setTracks(car, pedestrian);
    const calm = birdsEye();
    probe.alert(0, 2, 3, 1.94, 23.6);
    check(birdsEye());
    for (const part of ["FORWARD COLLISION  —  BRAKE", "Car, 24 m ahead", "1.9 s", "#f54966"]) {
      expect(svg()).toContain(part);
      expect(calm).not.toContain(part);
    }
    probe.clear(nowUs, 3, 0);
    probe.alert(2, 0, 0, Number.POSITIVE_INFINITY, 0.55);
    check(birdsEye());
    expect(svg()).toContain("Object, 0.6 m ahead");
  });

  it("stays within its bounds with more than it can show, and with values that make no sense", () => {
    for (let i = 0; i < 5000; i++) probe.point(i % 70, (i % 41) - 20, (i % 5) * 0.4);
    for (let i = 0; i < 500; i++) probe.target(i % 70, (i % 31) - 15, i % 3 === 0 ? unknown : -10);
    setTracks(...Array.from({ length: 100 }, (_, i) => car.map((value, at) => (at === 0 ? i + 1 : at === 4 ? i : value))));
    setDetections(LIDAR, ...Array.from({ length: 300 }, () => carSeen));
    for (let i = 0; i < 20; i++) probe.alert(0, 1, i, 2, 20);
    check(birdsEye());
    expect(svg().length).toBeLessThan(80_000);
    probe.clear(-5n, unknown, Number.POSITIVE_INFINITY);
    const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, unknown, 1e30, -1e30, 0];
    setTracks(...odd.map((value) => car.map(() => value)));
    setDetections(CAMERA, ...odd.map((value) => carSeen.map(() => value)));
    probe.target(unknown, unknown, unknown);
    probe.point(1e30, -1e30, unknown);
    check(birdsEye());
    check(camera());
  });

  it("is the same text for the same scene", () => {
    const draw = () => {
      probe.clear(nowUs, 17.3, 0.03);
      setTracks(car, oncoming, pedestrian);
      setDetections(CAMERA, carSeen);
      probe.alert(1, 1, 7, 2.5, 31);
      return birdsEye() + camera();
    };
    expect(draw()).toBe(draw());
  });
});

describe("detections", () => {
  it("stay until their sensor's next batch, or until they are old", () => {
    setDetections(LIDAR, carSeen, carSeen);
    probe.detections(CAMERA, 2, nowUs - 100_000n, floats([carSeen]), 1);
    expect(probe.age(nowUs)).toBe(3);
    setDetections(LIDAR, carSeen);
    expect(probe.age(nowUs)).toBe(2);
    expect(probe.age(nowUs + 100_000n)).toBe(1);
    expect(probe.age(nowUs + 1_000_000n)).toBe(0);
  });
});

describe("camera view", () => {
  it("draws over the camera's picture", () => {
    useCamera('/camera/"front"&<left>', true);
    setTracks(car, pedestrian);
    setDetections(CAMERA, carSeen);
    const names = check(camera());
    expect(names).toContain("image");
    expect(svg()).toContain('href="sensor:/camera/&quot;front&quot;&amp;&lt;left&gt;" width="640" height="360"');
    expect(svg()).toContain(">3 · 24 m<");
    expect(svg()).toContain(">7 · 31 m<");
  });

  it("projects by the calibration", () => {
    useCamera("/camera/front", true);
    setTracks([...car.slice(0, 4), 23.4, 0, -17.3, 0, ...car.slice(8, 13), 4, 2, 1.35]);
    camera();
    // 25 m from the camera: 1 m to each side is 20 px, the upper edge is level with the camera, the lower 27 px below.
    expect(svg()).toContain('d="M300 207L340 207L340 180L300 180Z"');
  });

  it("takes the size from the pictures, whatever form they have", () => {
    const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc0, 0, 17, 8, 2, 28, 3, 192, 3, 1, 0x22, 0];
    const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 3, 192, 0, 0, 2, 28];
    const header = (format: number, width: number, height: number) => new Uint8Array(new Uint32Array([format, width, height, 0]).buffer);
    const sizeOf = (...parts: ArrayLike<number>[]) => {
      const bytes = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
      const size = probe.pictureSize(putBytes(probe, bytes), bytes.length);
      return [size >> 16, size & 0xffff];
    };
    expect(sizeOf(header(0, 0, 0), jpeg)).toEqual([960, 540]);
    expect(sizeOf(header(1, 0, 0), png)).toEqual([960, 540]);
    expect(sizeOf(header(3, 32, 24))).toEqual([32, 24]);
    expect(sizeOf(header(0, 0, 0), jpeg.slice(0, 12))).toEqual([0, 0]);
    expect(sizeOf(header(0, 0, 0), [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0])).toEqual([0, 0]);
    expect(sizeOf(header(1, 0, 0), png.slice(0, 20))).toEqual([0, 0]);
    expect(sizeOf([1, 2, 3])).toEqual([0, 0]);
    useCamera("/camera/front", false);
    const payload = Buffer.concat([header(0, 0, 0), Uint8Array.from(jpeg)]);
    expect(probe.measureCamera(putBytes(probe, payload), payload.length)).toBe(1);
    check(camera());
    expect(svg()).toContain('width="960" height="540" viewBox');
  });

  it("hangs the tracks' labels on what the camera found where nothing can be projected", () => {
    useCamera("/camera/front", false);
    setTracks(car);
    setDetections(CAMERA, carSeen);
    check(camera());
    expect(svg()).toContain(">3 · 24 m<");
    expect(svg()).not.toContain("url(#lane)");
  });

  it("draws a landscape for a drive without a camera", () => {
    setTracks(car, oncoming);
    probe.target(24, 0, -6);
    const names = check(camera());
    expect(names).not.toContain("image");
    expect(svg()).toContain("no camera in this drive");
    expect(svg()).toContain(">3 · 24 m<");
  });
});
