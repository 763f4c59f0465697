import { expect, it } from "vitest";
import { Conflated } from "./conflated.ts";

it("gives a late reader the newest value, and skips what it was too slow for", async () => {
  const values = new Conflated<number>();
  values.put(1);
  values.put(2);
  const reader = values.read();
  expect((await reader.next()).value).toBe(2);
  values.put(3);
  values.put(4);
  expect((await reader.next()).value).toBe(4);
  const waiting = reader.next();
  values.put(5);
  expect((await waiting).value).toBe(5);
  values.close();
  expect((await reader.next()).done).toBe(true);
});

it("lets a waiting reader go when it is aborted", async () => {
  const values = new Conflated<number>();
  const abort = new AbortController();
  const waiting = values.read(abort.signal).next();
  expect(values.isAwaited).toBe(true);
  abort.abort();
  expect((await waiting).done).toBe(true);
  expect(values.isAwaited).toBe(false);
});
