import { atan2 } from "@playhead/exact-math";
import { describe, expect, test } from "vitest";
import { convert, float32s, header, malformed } from "../message-samples.case.ts";

describe("point clouds", () => {
  interface TestField {
    name: string;
    offset: number;
    datatype: number;
    count: number;
  }
  const field = (name: string, offset: number, datatype: number): TestField => ({
    name,
    offset,
    datatype,
    count: 1,
  });

  function cloud(
    fields: TestField[],
    step: number,
    points: ((view: DataView, base: number) => void)[],
    bigEndian = false,
  ) {
    const data = new Uint8Array(step * points.length);
    for (const [index, write] of points.entries()) write(new DataView(data.buffer), index * step);
    const shape = {
      height: 1,
      width: points.length,
      point_step: step,
      row_step: data.length,
      is_dense: true,
    };
    return { header, ...shape, fields, is_bigendian: bigEndian, data };
  }

  test("a lidar's numbers of any type, place and byte order", () => {
    for (const bigEndian of [false, true]) {
      const little = !bigEndian;
      const fields = [
        field("z", 1, 8),
        field("x", 9, 3),
        field("intensity", 0, 2),
        field("y", 11, 7),
        field("ring", 15, 4),
      ];
      const point = (x: number) => (view: DataView, base: number) => {
        view.setUint8(base, 200);
        view.setFloat64(base + 1, 1.25, little);
        view.setInt16(base + 9, x, little);
        view.setFloat32(base + 11, -2.5, little);
      };
      const lidar = convert("sensor_msgs/PointCloud2", cloud(fields, 17, [point(-3), point(4)], bigEndian));
      expect(lidar.converter.kind).toBe("lidar");
      expect(float32s(lidar.payload)).toEqual([-3, -2.5, 1.25, 200, 4, -2.5, 1.25, 200]);
    }
  });

  test("padded rows, no intensity, no points", () => {
    const fields = ["x", "y", "z"].map((name, index) => field(name, 4 * index, 7));
    const padded = new Uint8Array(2 * 40);
    const view = new DataView(padded.buffer);
    for (const [row, column] of [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ] as const) {
      view.setFloat32(row * 40 + column * 12, row * 10 + column, true);
    }
    const shape = { height: 2, width: 3, point_step: 12, row_step: 40, is_dense: true, is_bigendian: false };
    const { payload } = convert("sensor_msgs/PointCloud2", { header, ...shape, fields, data: padded });
    const nan = Number.NaN;
    expect(float32s(payload)).toEqual([0, 1, 2, 10, 11, 12].flatMap((x) => [x, 0, 0, nan]));
    expect(convert("sensor_msgs/PointCloud2", cloud([], 0, [])).payload.length).toBe(0);
  });

  test("a radar by its topic, from x, y and z", () => {
    const fields = ["x", "y", "z", "range_rate"].map((name, index) => field(name, 4 * index, 7));
    const write = (view: DataView, base: number) => {
      for (const [index, value] of [3, -4, 12, -7.5].entries())
        view.setFloat32(base + 4 * index, value, true);
    };
    const message = cloud(fields, 16, [write]);
    const { converter, payload } = convert("sensor_msgs/PointCloud2", message, "/radar/front");
    expect(converter.kind).toBe("radar");
    const angles = [atan2(-4, 3), atan2(12, 5)].map(Math.fround);
    expect(float32s(payload)).toEqual([13, ...angles, -7.5, Number.NaN]);
    expect(convert("sensor_msgs/PointCloud2", message, "/front").converter.kind).toBe("radar");
  });

  test("a radar by its fields, from range and azimuth", () => {
    const names = ["range", "azimuth", "elevation", "doppler", "RCS"];
    const write = (view: DataView, base: number) => {
      for (let index = 0; index < 5; index++) view.setFloat32(base + 4 * index, index + 0.5, true);
    };
    const { converter, payload } = convert(
      "sensor_msgs/PointCloud2",
      cloud(
        names.map((name, i) => field(name, 4 * i, 7)),
        20,
        [write],
      ),
    );
    expect(converter.kind).toBe("radar");
    expect(float32s(payload)).toEqual([0.5, 1.5, 2.5, 3.5, 4.5]);
  });

  test("a radar's velocity vector gives the range rate; without z the elevation is unknown", () => {
    const write = (view: DataView, base: number) => {
      for (const [index, value] of [3, 4, 10, 5].entries()) view.setFloat32(base + 4 * index, value, true);
    };
    const fields = ["x", "y", "vx", "vy"].map((name, index) => field(name, 4 * index, 7));
    const { payload } = convert("sensor_msgs/PointCloud2", cloud(fields, 16, [write]), "/radar");
    expect(float32s(payload)).toEqual([5, Math.fround(atan2(4, 3)), Number.NaN, 10, Number.NaN]);
  });

  test("lies about the shape are refused", () => {
    const fields = ["x", "y", "z"].map((name, index) => field(name, 4 * index, 7));
    const message = cloud(fields, 12, [() => {}]);
    const refused = (change: object) => malformed("sensor_msgs/PointCloud2", { ...message, ...change });
    expect(refused({ width: 2 })).toMatch(/1 × 2 points of 12 bytes, found 12 bytes of data/);
    expect(refused({ width: 4294967295, height: 4294967295 })).toMatch(/at most 4194304 points/);
    expect(refused({ point_step: 0 })).toMatch(/points of 0 bytes/);
    expect(refused({ fields: fields.slice(0, 2) })).toMatch(/expected a point field z, found x, y/);
    expect(refused({ fields: [field("x", 4294967295, 8)] })).toMatch(
      /point field "x": expected fields within 12 bytes/,
    );
  });
});
