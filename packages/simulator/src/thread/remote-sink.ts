import type { Drawing, Output, OutputSink, OutputTopic } from "../outputs/output.ts";
import type { SinkCall } from "./protocol.ts";

/** Outputs that the front has not written yet may take this much, bytes; then the run waits. */
const LARGEST_IN_FLIGHT = 8 * 1024 * 1024;
/** What an output counts for beside its payload. */
const OUTPUT_BYTES = 256;

/**
 * Hands outputs to the sinks of another thread, some ahead of what they have written. What a sink fails with is thrown by the next call.
 *
 * @param call sends, and settles when the sinks are done
 */
export function remoteSink(call: (call: SinkCall) => Promise<void>, withDrawings: boolean): OutputSink {
  let inFlight = 0;
  let failure: { readonly error: unknown } | undefined;
  let last: Promise<void> = Promise.resolve();
  const send = (outputs: readonly Output[], bytes: number): Promise<void> => {
    inFlight += bytes;
    return call({ name: "write", outputs }).then(
      () => {
        inFlight -= bytes;
      },
      (error: unknown) => {
        failure ??= { error };
      },
    );
  };
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    open: (topics: readonly OutputTopic[]) => call({ name: "open", topics }),
    async write(outputs) {
      check();
      const bytes = outputs.reduce((sum, { payload }) => sum + payload.length + OUTPUT_BYTES, 0);
      last = send(
        outputs.map((output) => sendable(output, withDrawings)),
        bytes,
      );
      if (inFlight > LARGEST_IN_FLIGHT) await last;
      check();
    },
    async close() {
      await last;
      await call({ name: "close" });
      check();
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
