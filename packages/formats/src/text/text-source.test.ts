import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileBytes } from "../file-bytes.ts";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import { testFolder } from "../source.case.ts";
import { LineError, type TextDialect } from "./dialect.ts";
import { type LineBlock, type LineOptions, MOST_LINE_BYTES, readLineBlocks } from "./line-blocks.ts";
import { openText } from "./text-source.ts";

const folder = testFolder();

async function blocksOf(text: string, options: LineOptions): Promise<LineBlock[]> {
  const file = await FileBytes.open(await folder.file("lines", text));
  try {
    const blocks: LineBlock[] = [];
    for await (const block of readLineBlocks(file, options)) blocks.push(block);
    return blocks;
  } finally {
    await file.close();
  }
}

describe("lines of a file", () => {
  test("are what stands between line ends, however many there are", async () => {
    const line = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n\uFEFF\u00EF]/g, ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 40_000),
        async (few, times) => {
          const lines = Array.from({ length: times }, () => few).flat();
          const blocks = await blocksOf(`${lines.join("\n")}\n`, { encoding: "utf8" });
          expect(blocks.flatMap((block) => block.lines)).toEqual(lines);
          let number = 1;
          for (const block of blocks) {
            expect(block.firstLine).toBe(number);
            number += block.lines.length;
          }
        },
      ),
      { numRuns: 12, seed: 3 },
    );
  });

  test("may hold line ends between quotes, over the bounds of what is read together", async () => {
    const row = `"${"a\n".repeat(1000)}",b`;
    const blocks = await blocksOf(`${row}\n`.repeat(300), { encoding: "utf8", quoted: true });
    expect(blocks.length).toBeGreaterThan(1);
    const lines = blocks.flatMap((block) => block.lines);
    expect(lines).toHaveLength(300);
    expect(new Set(lines)).toEqual(new Set([row]));
    for (const block of blocks) expect((block.firstLine - 1) % 1001).toBe(0);
  });

  test("that are too long are passed over", async () => {
    for (const length of [MOST_LINE_BYTES + 1, 5 * MOST_LINE_BYTES]) {
      const blocks = await blocksOf(`a\n${"x".repeat(length)}\nb\n`, { encoding: "latin1" });
      expect(blocks.flatMap((block) => block.lines)).toEqual(["a", undefined, "b"]);
    }
  });
});

interface State {
  sum: number;
}

/** Lines are steps in ns: each is a message with the sum so far. */
const SUMS: TextDialect<State> = {
  begin: () => ({ sum: 0 }),
  readLine(line, state, emit) {
    const step = Number(line);
    if (Number.isNaN(step)) throw new LineError("a number", line);
    state.sum += step;
    const { sum } = state;
    emit({
      key: "sum",
      timeNs: BigInt(sum),
      declare: () => jsonChannel("/sum", "sum", {}),
      write: () => jsonBytes({ sum }),
    });
  },
};

describe("a text", () => {
  test("is read again, passage by passage, as it was read through; messages are put in order", async () => {
    // Steps back now and then, within passages and over their bounds.
    const steps = Array.from({ length: 200_000 }, (_, index) => (index % 1000 === 999 ? -3000 : 7));
    const source = await openText(await folder.file("sums", steps.join("\n")), SUMS, { format: "list" });
    const sums: number[] = [];
    let sum = 0;
    for (const step of steps) {
      sum += step;
      sums.push(sum);
    }
    sums.sort((a, b) => a - b);
    for (let time = 0; time < 2; time++) {
      const found: number[] = [];
      for await (const batch of source.messages())
        for (const { logTimeNs, data } of batch) {
          found.push(Number(logTimeNs));
          if (found.length % 1000 === 0)
            expect(JSON.parse(Buffer.from(data).toString())).toEqual({ sum: Number(logTimeNs) });
        }
      expect(found).toEqual(sums);
      expect(source.share).toBe(1);
    }
    await source.close();
  });

  test("without a message is refused, with the first line that is none", async () => {
    const none = openText(await folder.file("none", "x\ny\n"), SUMS, { format: "list" });
    await expect(none).rejects.toThrow(RecordingError);
    await expect(none).rejects.toThrow(
      /none: expected lines of the format list, found .*none, line 1: expected a number, found x/,
    );
  });

  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    abort.abort(new Error("enough"));
    await expect(
      openText(await folder.file("long", "1\n2\n"), SUMS, { format: "list", signal: abort.signal }),
    ).rejects.toThrow("enough");
  });
});
