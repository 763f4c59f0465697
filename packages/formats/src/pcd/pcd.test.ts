import { mkdir, writeFile } from "node:fs/promises";
import { createMessageConverter, RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedBytes, type ReadSource, readDamaged, readSource, testFolder } from "../source.case.ts";
import { decompressLzf } from "./lzf.ts";

const folder = testFolder();

const POINTS = [
  [1, 2, 3, 0.5, 7],
  [-1.5, 0, 0.25, 1, 255],
  [100, -200, 300, Number.NaN, 0],
];

function header(data: string, points = POINTS.length): string {
  return `# .PCD v0.7 - Point Cloud Data file format
VERSION 0.7
FIELDS x y z intensity _ ring
SIZE 4 4 4 4 1 1
TYPE F F F F U U
COUNT 1 1 1 1 2 1
WIDTH ${points}
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS ${points}
DATA ${data}
`;
}

function ascii(): Uint8Array {
  const lines = POINTS.map(([x, y, z, intensity, ring]) =>
    `${x} ${y} ${z} ${intensity} 0 0 ${ring}`.replace("NaN", "nan"),
  );
  return Buffer.from(`${header("ascii")}${lines.join("\n")}\n`);
}

const POINT_BYTES = 19;

function rows(): Buffer {
  const bytes = Buffer.alloc(POINT_BYTES * POINTS.length);
  for (const [index, [x = 0, y = 0, z = 0, intensity = 0, ring = 0]] of POINTS.entries()) {
    for (const [place, value] of [x, y, z, intensity].entries())
      bytes.writeFloatLE(value, index * POINT_BYTES + 4 * place);
    bytes.writeUInt8(ring, index * POINT_BYTES + 18);
  }
  return bytes;
}

function binary(): Uint8Array {
  return Buffer.concat([Buffer.from(header("binary")), rows()]);
}

/** Only runs of bytes as they are: LZF too. */
function packed(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let place = 0; place < bytes.length; place += 32) {
    const part = bytes.subarray(place, place + 32);
    parts.push(Uint8Array.of(part.length - 1), part);
  }
  return Buffer.concat(parts);
}

function compressed(): Uint8Array {
  const all = rows();
  const columns: Buffer[] = [];
  for (const [offset, length] of [
    [0, 4],
    [4, 4],
    [8, 4],
    [12, 4],
    [16, 2],
    [18, 1],
  ] as const)
    for (let point = 0; point < POINTS.length; point++)
      columns.push(all.subarray(point * POINT_BYTES + offset, point * POINT_BYTES + offset + length));
  const content = packed(Buffer.concat(columns));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(content.length, 0);
  sizes.writeUInt32LE(all.length, 4);
  return Buffer.concat([Buffer.from(header("binary_compressed")), sizes, content]);
}

function cloudsOf({ channels, messages }: ReadSource): Float32Array[] {
  return messages.map(({ data }) => {
    const converter = createMessageConverter(channels[0] as (typeof channels)[number], data);
    const payload = converter.convert(data);
    if (converter.kind !== "lidar" || !(payload instanceof Uint8Array)) throw new Error("expected a cloud");
    return new Float32Array(payload.slice().buffer);
  });
}

describe("a PCD cloud", () => {
  test.each([
    ["ascii", ascii],
    ["binary", binary],
    ["binary_compressed", compressed],
  ])("in %s has its points", async (encoding, bytes) => {
    const source = await readSource(await folder.file(`${encoding}.pcd`, bytes()));
    expect(source.channels[0]?.topic).toBe(`/lidar/${encoding}/points`);
    expect(cloudsOf(source)).toEqual([Float32Array.from(POINTS.flatMap((point) => point.slice(0, 4)))]);
    expect(source.messages[0]?.logTimeNs).toBe(0n);
  });

  test("is one of many in a folder, by its name's time or by a rate", async () => {
    await mkdir(folder.path("clouds"));
    for (const [name, bytes] of Object.entries({
      "1700000000.100000.pcd": ascii(),
      "1700000000.200000.pcd": binary(),
      "1700000000.300000.pcd": Buffer.from("VERSION 0.7\nDATA none\n"),
    }))
      await writeFile(`${folder.path("clouds")}/${name}`, bytes);
    const source = await readSource(folder.path("clouds"));
    expect(source.messages.map(({ logTimeNs }) => logTimeNs)).toEqual([
      1700000000100000000n,
      1700000000200000000n,
    ]);
    expect(source.problems).toMatchObject([
      { message: expect.stringMatching(/300000.pcd: expected 1 to 256 FIELDS, found 0/) },
    ]);
    const { messages } = await readSource(folder.path("clouds"), { rateHz: 10 });
    expect(messages.map(({ logTimeNs }) => logTimeNs)).toEqual([0n, 100_000_000n]);
  });

  test.each([
    ["ascii", ascii],
    ["binary", binary],
    ["binary_compressed", compressed],
  ])("in %s that is damaged gives a problem or an error", async (encoding, whole) => {
    const bytes = whole();
    const change = fc.tuple(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.nat(bytes.length), async (changes, length) => {
        const found = await readDamaged(
          await folder.file(`fuzz-${encoding}`, changedBytes(bytes, changes, length)),
        );
        if (!(found instanceof RecordingError)) expect(found.messages.length + found.problems.length).toBe(1);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  test("cannot ask for more memory than its file explains", async () => {
    for (const encoding of ["ascii", "binary", "binary_compressed"]) {
      const { problems } = await readSource(
        await folder.file("huge", `${header(encoding, 20_000_000)}\u0000\u0000\u0000\u0000`),
      );
      expect(problems).toHaveLength(1);
    }
  });
});

describe("LZF", () => {
  test("copies what stands before, also what it has just written", () => {
    expect(Buffer.from(decompressLzf(Uint8Array.of(1, 97, 98, 0x40, 1, 0xe0, 3, 0), 18)).toString()).toBe(
      "ababab".padEnd(18, "b"),
    );
  });

  test.each([
    ["a reference before the start", [0x20, 5], 4],
    ["a run that is too long", [31, 1, 2], 32],
    ["too little", [0, 1], 2],
  ])("refuses %s", (_, bytes, size) => {
    expect(() => decompressLzf(Uint8Array.from(bytes), size)).toThrow(/expected/);
  });
});
