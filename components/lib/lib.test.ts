import { beforeAll, describe, expect, it } from "vitest";
import { type Probe, putBytes, startProbe, textAt } from "../testing/wasm.ts";

interface LibProbe extends Probe {
  makeString(source: number, units: number): number;
  parseNumber(text: number): number;
  turned(roll: number, pitch: number, yaw: number, x: number, y: number, z: number, axis: number): number;
  signalProblem(definition: number): number;
  decodeSignal(definition: number, data: number, bytes: number): number;
  configureSpeed(definitions: number): number;
  acceptFrame(sensor: number, timeUs: bigint, payload: number, length: number): void;
  speedAt(timeUs: bigint): number;
}

let probe: LibProbe;
beforeAll(async () => {
  probe = await startProbe<LibProbe>("lib/probe.ts");
});

function guestString(text: string): number {
  return probe.makeString(putBytes(probe, new Uint8Array(Buffer.from(text, "utf16le"))), text.length);
}

describe("settings", () => {
  it("reads numbers that the whole text says, and nothing else", () => {
    const cases: [string, number][] = [
      ["12", 12], [" -0.5 ", -0.5], ["5e2", 500], ["0xAA", 170],
      ["", -1], ["1,5", -1], ["NaN", -1], ["12 m", -1], ["e", -1], ["1e999", -1],
    ];
    for (const [text, expected] of cases) expect(probe.parseNumber(guestString(text)), text).toBe(expected);
  });
});

describe("mount", () => {
  const turn = (angles: [number, number, number], point: [number, number, number]) =>
    [0, 1, 2].map((axis) => probe.turned(...angles, ...point, axis) + 0);

  it("turns roll, then pitch (nose down), then yaw (to the left)", () => {
    const quarter = Math.PI / 2;
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 5));
    expect(turn([0, 0, 0], [1, 2, 3])).toEqual([1, 2, 3]);
    expect(turn([0, 0, quarter], [1, 0, 0])).toEqual(close([0, 1, 0]));
    expect(turn([0, quarter, 0], [1, 0, 0])).toEqual(close([0, 0, -1]));
    expect(turn([quarter, 0, 0], [0, 1, 0])).toEqual(close([0, 0, 1]));
    expect(turn([quarter, quarter, quarter], [0, 1, 0])).toEqual(close([0, 1, 0]));
  });
});

describe("CAN signals", () => {
  const decode = (definition: string, bytes: number[]) =>
    probe.decodeSignal(guestString(definition), putBytes(probe, Uint8Array.from(bytes)), bytes.length);

  it("decodes both byte orders, with and without sign", () => {
    // Toyota's front-right wheel: 0x1a6f = 6767 is standstill.
    expect(decode("; 0xAA; 6; 15; 0.01; -67.67; big", [0x1a, 0x6f, 0, 0, 0, 0, 0, 0])).toBeCloseTo(0, 9);
    expect(decode("; 0xAA; 22; 15; 1; 0; big", [0, 0, 0x9a, 0x6f])).toBe(0x1a6f);
    expect(decode("; 1; 0; 16; 0.5; 1; little", [0x34, 0x12])).toBe(0x1234 * 0.5 + 1);
    expect(decode("; 1; 4; 12; 1; 0; little signed", [0xf0, 0xff])).toBe(-1);
    expect(decode("; 1; 3; 12; 1; 0; big signed", [0x08, 0x00])).toBe(-2048);
    expect(decode("; 1; 0; 64; 1; 0; little signed", [255, 255, 255, 255, 255, 255, 255, 255])).toBe(-1);
  });

  it("gives NaN where the data are too short", () => {
    expect(decode("; 1; 8; 16; 1; 0; little", [1, 2])).toBeNaN();
    expect(decode("; 1; 6; 15; 1; 0; big", [1])).toBeNaN();
  });

  it("says what is wrong with a definition", () => {
    const problem = (text: string) => textAt(probe, probe.signalProblem(guestString(text)));
    expect(problem("; 0xAA; 6; 15; 0.01; -67.67; big")).toBe("");
    expect(problem("1;2")).toContain("7 fields");
    expect(problem("; x; 6; 15; 1; 0; big")).toContain('found "x"');
    expect(problem("; 1; 6; 65; 1; 0; big")).toContain("1 … 64 bits");
    expect(problem("; 1; 6; 15; 1; 0; middle")).toContain('found "middle"');
  });
});

describe("speed from CAN", () => {
  const frame = (id: number, kmh: readonly number[]) => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, id, true);
    bytes[5] = 8;
    kmh.forEach((speed, wheel) => { view.setUint16(8 + wheel * 2, Math.round((speed + 67.67) * 100)); });
    return putBytes(probe, bytes);
  };
  const feed = (sensor: number, fromUs: number, count: number, address: number) => {
    for (let i = 0; i < count; i++) probe.acceptFrame(sensor, BigInt(fromUs + i * 20_000), address, 16);
  };

  it("believes wheels that agree, after some frames, and forgets them when they stop", () => {
    expect(textAt(probe, probe.configureSpeed(guestString("")))).toBe("");
    const address = frame(0xaa, [36, 36.2, 35.9, 36]);
    feed(0, 0, 3, address);
    expect(probe.speedAt(60_000n)).toBeNaN();
    feed(0, 60_000, 10, address);
    expect(probe.speedAt(250_000n)).toBeCloseTo(36.025 / 3.6, 3);
    expect(probe.speedAt(2_000_000n)).toBeNaN();
  });

  it("leaves out frames that are no wheel speeds", () => {
    probe.configureSpeed(guestString(""));
    feed(1, 10_000_000, 50, frame(0xaa, [-67.67, -67.67, -67.67, -67.67]));
    expect(probe.speedAt(11_000_000n)).toBeNaN();
    feed(1, 12_000_000, 50, frame(0xaa, [10, 80, 30, 120]));
    expect(probe.speedAt(13_000_000n)).toBeNaN();
  });

  it("prefers the bus that it believed first", () => {
    probe.configureSpeed(guestString(""));
    const good = frame(0xaa, [72, 72, 72, 72]);
    const other = frame(0xaa, [10, 80, 30, 120]);
    for (let i = 0; i < 20; i++) {
      probe.acceptFrame(3, BigInt(20_000_000 + i * 20_000), other, 16);
      probe.acceptFrame(2, BigInt(20_000_000 + i * 20_000), good, 16);
    }
    expect(probe.speedAt(20_400_000n)).toBeCloseTo(20, 3);
  });

  it("refuses definitions that are malformed or of several ids", () => {
    expect(textAt(probe, probe.configureSpeed(guestString("nonsense")))).toContain("7 fields");
    const two = "; 1; 0; 8; 1; 0; little | ; 2; 0; 8; 1; 0; little";
    expect(textAt(probe, probe.configureSpeed(guestString(two)))).toContain("one id");
  });
});
