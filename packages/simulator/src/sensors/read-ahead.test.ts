import type { Reading, Recording } from "@playhead/recording";
import { expect, it } from "vitest";
import { fakeRecording } from "../testing/fake-run.case.ts";
import { ReadAhead } from "./read-ahead.ts";

/** A recording whose batches hold one reading each, and come when they are let. */
function slowRecording() {
  const whole = fakeRecording(100);
  const asked: (() => void)[] = [];
  const state = { asked: 0, fail: false };
  const recording: Recording = {
    ...whole,
    async *read(options): AsyncGenerator<readonly Reading[]> {
      for await (const batch of whole.read(options))
        for (const reading of batch) {
          state.asked++;
          await new Promise<void>((resolve) => asked.push(resolve));
          if (state.fail) throw new Error("the line is down");
          yield [reading];
        }
    },
  };
  return { recording, state, deliver: () => asked.shift()?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function open(recording: Recording): ReadAhead {
  return new ReadAhead(
    recording,
    recording.sensors.map(({ handle }) => handle),
    recording.startUs,
    recording.endUs,
  );
}

it("fetches on while the run is at other things", async () => {
  const { recording, state, deliver } = slowRecording();
  const ahead = open(recording);
  const filled = ahead.fill(recording.startUs - 1);
  await settled();
  deliver();
  await filled;
  for (let batches = 2; batches < 20; batches++) {
    await settled();
    expect(state.asked).toBe(batches);
    deliver();
    await settled();
  }
  await Promise.all([ahead.close(), settled().then(deliver)]);
});

it("tells what fetching ahead failed with when that is needed, and again", async () => {
  const { recording, state, deliver } = slowRecording();
  const ahead = open(recording);
  const filled = ahead.fill(recording.startUs - 1);
  await settled();
  deliver();
  await filled;
  state.fail = true;
  await settled();
  deliver();
  await settled();
  expect(ahead.take(recording.endUs)).toBeDefined();
  await expect(ahead.fill(recording.endUs)).rejects.toThrow("the line is down");
  await expect(ahead.fill(recording.endUs)).rejects.toThrow("the line is down");
  await ahead.close();
});

it("holds a bounded number of readings beyond what is asked for", async () => {
  const recording = fakeRecording(50_000);
  const ahead = open(recording);
  await ahead.fill(recording.startUs);
  for (let i = 0; i < 50; i++) await settled();
  let count = 0;
  while (ahead.take(recording.endUs) !== undefined && count < 50_000) count++;
  expect(count).toBeGreaterThan(4000);
  expect(count).toBeLessThan(5000);
  await ahead.close();
});
