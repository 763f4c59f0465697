import type { Drawing, Output, OutputSink, OutputTopic } from "../outputs/output.ts";
import type { SinkCall } from "./protocol.ts";

/** Outputs that the front has not written yet may take this much, bytes; then the run waits. */
const LARGEST_IN_FLIGHT = 8 * 1024 * 1024;
/** What an output counts for beside its payload. */
const OUTPUT_BYTES = 256;

interface Batch {
  readonly outputs: readonly Output[];
  readonly bytes: number;
}

/**
 * Hands outputs to the sinks of another thread, some ahead of what they have written. What a sink fails with is thrown by the next call; the
 * call after that offers all again that was not written.
 *
 * @param call sends, and settles when the sinks are done
 */
export function remoteSink(call: (call: SinkCall) => Promise<void>, withDrawings: boolean): OutputSink {
  /** What is not written yet, in order. */
  let waiting: Batch[] = [];
  let failure: { readonly error: unknown } | undefined;
  /** Whether a failure was told of since the last try. */
  let rejected = false;
  let last: Promise<void> = Promise.resolve();
  const send = (batch: Batch): Promise<void> =>
    call({ name: "write", outputs: batch.outputs }).then(
      () => {
        waiting = waiting.filter((other) => other !== batch);
      },
      (error: unknown) => {
        failure ??= { error };
      },
    );
  const check = async (): Promise<void> => {
    if (failure === undefined) return;
    await last;
    const { error } = failure;
    failure = undefined;
    rejected = true;
    throw error;
  };
  const sendAgain = async (): Promise<void> => {
    rejected = false;
    for (const batch of [...waiting]) await send(batch);
    await check();
  };
  return {
    open: (topics: readonly OutputTopic[], firstIndex: number) => call({ name: "open", topics, firstIndex }),
    async write(outputs) {
      await check();
      if (rejected) await sendAgain();
      const batch: Batch = {
        outputs: outputs.map((output) => sendable(output, withDrawings)),
        bytes: outputs.reduce((sum, { payload }) => sum + payload.length + OUTPUT_BYTES, 0),
      };
      waiting.push(batch);
      last = send(batch);
      if (waiting.reduce((sum, { bytes }) => sum + bytes, 0) > LARGEST_IN_FLIGHT) await last;
    },
    async close() {
      await last;
      await call({ name: "close" });
      await check();
    },
  };
}

/** A view on part of a buffer is sent with the whole buffer: a copy is not. */
function sendable(output: Output, withDrawings: boolean): Output {
  const { drawing } = output;
  return {
    ...output,
    payload: output.payload.slice(),
    drawing: withDrawings && drawing !== undefined ? sendableDrawing(drawing) : undefined,
  };
}

/** A drawing that can be sent without more than it shows. */
export function sendableDrawing<T extends Pick<Drawing, "cameras">>(drawing: T): T {
  return { ...drawing, cameras: sendableCameras(drawing.cameras) };
}

export function sendableCameras(cameras: Drawing["cameras"]): Drawing["cameras"] {
  return new Map(
    [...cameras].map(([name, { timeUs, payload }]) => [name, { timeUs, payload: payload.slice() }]),
  );
}
