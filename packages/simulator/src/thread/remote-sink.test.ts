import { expect, it } from "vitest";
import type { Output } from "../outputs/output.ts";
import type { SinkCall } from "./protocol.ts";
import { remoteSink } from "./remote-sink.ts";

const output = (index: number, bytes = 10): Output => ({
  index,
  timeUs: index,
  unit: "unit",
  topic: "/topic",
  kind: "message",
  payload: new Uint8Array(bytes),
  drawing: undefined,
});

/** The front's side: takes outputs in order, and fails at the calls with these numbers. */
function front(failing: readonly number[]): { call: (call: SinkCall) => Promise<void>; taken: number[] } {
  const taken: number[] = [];
  let count = 0;
  return {
    taken,
    call: async (call) => {
      if (call.name !== "write") return;
      const fails = failing.includes(count++);
      await Promise.resolve();
      const gap = (call.outputs[0]?.index ?? 0) > taken.length;
      if (fails || gap) throw new Error(fails ? "the disk is full" : "outputs before these are missing");
      taken.push(...call.outputs.map(({ index }) => index));
    },
  };
}

it("offers again what was not written, in order, and nothing twice", async () => {
  const { call, taken } = front([1, 4]);
  const sink = remoteSink(call, false);
  const failures: string[] = [];
  for (let index = 0; index < 12; ) {
    try {
      await sink.write([output(index)]);
      index++;
    } catch (error) {
      failures.push((error as Error).message);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sink.close();
  expect(failures).toEqual(["the disk is full", "the disk is full"]);
  expect(taken).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

it("tells of a failure at the end when nothing comes after it", async () => {
  const { call } = front([0]);
  const sink = remoteSink(call, false);
  await sink.write([output(0)]);
  await expect(sink.close()).rejects.toThrow("the disk is full");
});

it("waits for the front when much is on the way", async () => {
  let release: () => void = () => {};
  const sink = remoteSink(
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
    false,
  );
  let done = false;
  const written = sink.write([output(0, 9 * 1024 * 1024)]).then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBe(false);
  release();
  await written;
});
