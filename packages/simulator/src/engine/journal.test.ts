import { expect, it } from "vitest";
import { decodePlain, encodePlain } from "../checkpoints/plain-data.ts";
import type { Output } from "../outputs/output.ts";
import { Journal } from "./journal.ts";

function alertsOf(...texts: string[]): Journal {
  const journal = new Journal();
  for (const text of texts)
    journal.alert({
      timeUs: 1,
      unit: "u",
      topic: "/alerts",
      payload: Buffer.from(text),
    } as unknown as Output);
  return journal;
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

it("takes alerts as JSON where they are, and as text where they are none or nested too deeply", () => {
  const texts = ['{"level":3}', "no JSON", nested(100), nested(101), nested(30_000)];
  const messages = alertsOf(...texts).alerts.map(({ message }) => message);
  expect(messages).toEqual([{ level: 3 }, "no JSON", JSON.parse(nested(100)), nested(101), nested(30_000)]);
});

it("can be saved whatever alerts say", () => {
  const journal = alertsOf(nested(100), nested(30_000), '{"__proto__":1}');
  const restored = new Journal();
  restored.restore(decodePlain(encodePlain(journal.save())) as ReturnType<Journal["save"]>);
  expect(restored.alerts).toEqual(journal.alerts);
});
