import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { startInThread } from "./start-in-thread.ts";

/** The module of a thread that does this instead of opening a simulation. */
function module(body: string): URL {
  const text = `import { parentPort } from "node:worker_threads"; ${body}`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

const SILENT = module("parentPort.on('message', () => undefined);");
const REFUSING = module(`
  const error = { type: "Error", message: "no such file", stack: undefined, properties: {}, cause: undefined };
  parentPort.postMessage({ type: "not-started", error });`);

it("a simulation is given up while it opens, and nothing listens to the signal once it is opened or not", async () => {
  const abort = new AbortController();
  const { signal } = abort;
  await expect(startInThread({}, { module: REFUSING, signal })).rejects.toThrow("no such file");
  expect(getEventListeners(signal, "abort")).toEqual([]);
  const opening = startInThread({}, { module: SILENT, signal });
  abort.abort(new Error("not any more"));
  await expect(opening).rejects.toThrow("not any more");
  await expect(startInThread({}, { module: SILENT, signal })).rejects.toThrow("not any more");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
