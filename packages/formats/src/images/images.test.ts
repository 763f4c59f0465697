import { mkdir, writeFile } from "node:fs/promises";
import { createMessageConverter, RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedBytes, type ReadSource, readDamaged, readSource, testFolder } from "../source.case.ts";

const folder = testFolder();

/** The markers of a picture, with nothing that could be shown: tables with an end inside, a restart and a stuffed byte in the scan. */
function jpeg(fill: number): Uint8Array {
  const header = [0xff, 0xd8, 0xff, 0xe1, 0x00, 0x06, 0xff, 0xd8, 0xff, 0xd9];
  const scan = [0xff, 0xda, 0x00, 0x03, 0x01, fill, 0xff, 0x00, fill, 0xff, 0xd3, fill, 0xff, 0xd9];
  return Uint8Array.from([...header, ...scan]);
}

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function picturesOf({ channels, messages }: ReadSource): (readonly [timeNs: bigint, picture: string])[] {
  const converter = createMessageConverter(channels[0] as (typeof channels)[number]);
  expect(converter.kind).toBe("camera");
  return messages.map(({ data, logTimeNs }) => {
    const payload = converter.convert(data);
    if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
    return [logTimeNs, Buffer.from(payload.subarray(16)).toString("hex")];
  });
}

async function pictureFolder(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  await mkdir(folder.path(name));
  for (const [file, bytes] of Object.entries(files)) await writeFile(`${folder.path(name)}/${file}`, bytes);
  return folder.path(name);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a folder of pictures", () => {
  test("has the times of its names, in any unit", async () => {
    const path = await pictureFolder("names", {
      "1403636579863555584.png": PNG,
      "left_1403636579.763555.jpg": jpeg(1),
      "1403636579913555.jpeg": jpeg(2),
      "1403636580000.JPG": jpeg(3),
      "notes.txt": PNG,
    });
    const source = await readSource(path);
    expect(source.channels.map(({ topic }) => topic)).toEqual(["/camera/names/compressed"]);
    expect(picturesOf(source)).toEqual([
      [1403636579763555000n, hex(jpeg(1))],
      [1403636579863555584n, hex(PNG)],
      [1403636579913555000n, hex(jpeg(2))],
      [1403636580000000000n, hex(jpeg(3))],
    ]);
  });

  test("follows a rate in the order of the numbers in its names", async () => {
    const path = await pictureFolder("counted", { "f10.png": PNG, "f9.jpg": jpeg(9), "f011.jpg": jpeg(11) });
    expect(picturesOf(await readSource(path, { rateHz: 30 }))).toEqual([
      [0n, hex(jpeg(9))],
      [33333333n, hex(PNG)],
      [66666667n, hex(jpeg(11))],
    ]);
    await expect(readSource(path)).rejects.toThrow(
      /expected names that are times since 1970, or a rate \(--rate\), found "f9.jpg"/,
    );
  });

  test("goes on behind a file that is no picture", async () => {
    const path = await pictureFolder("mixed", { "1.png": PNG, "2.png": new Uint8Array(0), "3.jpg": jpeg(3) });
    const source = await readSource(path, { rateHz: 1 });
    expect(source.messages.map(({ logTimeNs }) => logTimeNs)).toEqual([0n, 2_000_000_000n]);
    expect(source.problems).toMatchObject([
      { message: expect.stringMatching(/2.png: expected the start of a JPEG or PNG, found nothing/) },
    ]);
  });
});

describe("an MJPEG stream", () => {
  const between = Buffer.from("\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n");

  test("is cut into its pictures", async () => {
    const path = await folder.file("dash.mjpeg", Buffer.concat([jpeg(1), jpeg(2), jpeg(3)]));
    const source = await readSource(path, { rateHz: 20 });
    expect(source.channels[0]?.topic).toBe("/camera/dash/compressed");
    expect(picturesOf(source)).toEqual(
      [1, 2, 3].map((fill, index) => [BigInt(index) * 50_000_000n, hex(jpeg(fill))]),
    );
    await expect(readSource(path)).rejects.toThrow(/expected the rate of its pictures \(--rate\)/);
  });

  test("may have the headers of HTTP", async () => {
    const path = await folder.file("http", Buffer.concat([between.subarray(2), jpeg(1), between, jpeg(2)]));
    expect(picturesOf(await readSource(path, { rateHz: 1 }))).toHaveLength(2);
  });

  test("is read behind damage, which is said", async () => {
    const path = await folder.file(
      "cut",
      Buffer.concat([
        jpeg(1),
        jpeg(2).subarray(0, 12),
        jpeg(3).subarray(0, 23),
        jpeg(4),
        jpeg(5).subarray(0, 20),
      ]),
    );
    const source = await readSource(path, { rateHz: 1 });
    expect(picturesOf(source).map(([, picture]) => picture)).toContain(hex(jpeg(1)));
    expect(source.problems.at(-1)?.message).toMatch(/byte \d+: expected its end, found the end of the file/);
  });

  test("gives problems or an error for damage of any kind", async () => {
    const bytes = Buffer.concat([jpeg(1), between, jpeg(2), jpeg(3)]);
    const change = fc.tuple(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.nat(bytes.length), async (changes, length) => {
        const found = await readDamaged(await folder.file("fuzz", changedBytes(bytes, changes, length)), {
          rateHz: 5,
        });
        if (!(found instanceof RecordingError)) expect(found.messages.length).toBeGreaterThan(0);
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});
