import { parentPort, workerData } from "node:worker_threads";
import type { Frame } from "../control/frame.ts";
import { mayRecover } from "../control/recovery.ts";
import { Simulation } from "../control/simulation.ts";
import { CallMonitor } from "../engine/call-monitor.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { SimulationError } from "../errors.ts";
import { decodeError, type EncodedError, encodeError } from "./error-codec.ts";
import type { FromThread, SinkCall, Standing, ThreadCall, ThreadData, ToThread } from "./protocol.ts";
import { remoteSink, sendableCameras, sendableDrawing } from "./remote-sink.ts";

/** How often a front that looks at no frames hears how the run stands, and what its report would be, ms. */
const STANDING_MS = 100;
const REPORT_MS = 1000;

/**
 * The inside of a thread that runs one simulation: call it in the thread's module. The front's side is `startInThread`.
 *
 * @param open opens what the front asks for; the recording is closed with the simulation
 */
export async function serveSimulation(open: (request: unknown) => Promise<RunPlan>): Promise<void> {
  if (parentPort === null) throw new Error("Invariant: a simulation is served in a thread");
  await new SimulationThread(parentPort as Port, workerData as ThreadData).run(open);
}

interface Port {
  postMessage(message: FromThread): void;
  on(event: "message", listener: (message: ToThread) => void): void;
  close(): void;
}

class SimulationThread {
  readonly #port: Port;
  readonly #data: ThreadData;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #nextSinkCall = 0;
  #simulation: Simulation | undefined;
  #frames = false;
  /** Ends the round of frames that goes on now. */
  #round = new AbortController();
  #taken: () => void = () => {};
  #closed = false;

  constructor(port: Port, data: ThreadData) {
    this.#port = port;
    this.#data = data;
  }

  async run(open: (request: unknown) => Promise<RunPlan>): Promise<void> {
    this.#port.on("message", (message) => this.#receive(message));
    try {
      await this.#start(open);
    } catch (error) {
      this.#port.postMessage({ type: "not-started", error: encodeError(error) });
      this.#port.close();
      return;
    }
    void this.#report();
    await this.#show();
  }

  async #start(open: (request: unknown) => Promise<RunPlan>): Promise<void> {
    const {
      request,
      speed,
      checkpoints,
      capsules,
      cacheFolder,
      vault,
      verifySeeks,
      resumeAfter,
      lost,
      outputs,
      monitor,
    } = this.#data;
    const plan = await open(request);
    const sinks = outputs.wanted ? [remoteSink((call) => this.#callSinks(call), outputs.drawings)] : [];
    this.#simulation = await Simulation.start(plan, {
      ...(speed === undefined ? {} : { speed }),
      ...(checkpoints === undefined ? {} : { checkpoints }),
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      sinks,
      capsules,
      vault,
      verifySeeks,
      resumeAfter,
      lost: lost.map(decodeError) as SimulationError[],
      firstOutput: outputs.firstIndex,
      monitor: new CallMonitor(monitor),
      closesRecording: true,
    });
    this.#port.postMessage({
      type: "started",
      description: this.#simulation.description,
      watchdogMs: plan.config.watchdogS * 1000,
      recovers: mayRecover(plan.config),
      decided: this.#simulation.decidedBefore,
      standing: this.#standing(),
      report: this.#simulation.reportWithoutInputs(),
    });
  }

  #receive(message: ToThread): void {
    switch (message.type) {
      case "call":
        void this.#answer(message.id, message.call);
        return;
      case "watch":
        this.#frames = message.frames;
        this.#endRound();
        return;
      case "frame-taken":
        this.#taken();
        return;
      case "sink-done":
        this.#sinkDone(message.id, message.error);
        return;
      case "ping":
        this.#port.postMessage({ type: "pong" });
    }
  }

  async #answer(id: number, call: ThreadCall): Promise<void> {
    const value = await this.#serve(call);
    this.#port.postMessage({ type: "answer", id, value, standing: this.#standing() });
    if (call.name === "close") this.#port.close();
  }

  async #serve(call: ThreadCall): Promise<unknown> {
    const simulation = this.#running;
    switch (call.name) {
      case "apply":
        return await simulation.apply(call.command);
      case "finished":
        return await simulation.finished();
      case "rest":
        return await simulation.rest();
      case "report":
        return await simulation.report();
      case "close":
        await simulation.close();
        this.#closed = true;
        this.#endRound();
        return await simulation.report();
    }
  }

  get #running(): Simulation {
    if (this.#simulation === undefined)
      throw new Error("Invariant: calls come when the simulation has started");
    return this.#simulation;
  }

  #standing(): Standing {
    const { status, failure } = this.#running;
    return { status, failure: failure === undefined ? undefined : encodeError(failure) };
  }

  #endRound(): void {
    this.#round.abort();
    this.#taken();
  }

  #callSinks(call: SinkCall): Promise<void> {
    const id = this.#nextSinkCall++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ type: "sink", id, call });
    });
  }

  #sinkDone(id: number, error: EncodedError | undefined): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(decodeError(error));
  }

  /** Shows frames to a front that looks, and to any other only how the run stands, until the simulation is closed. */
  async #show(): Promise<void> {
    while (!this.#closed) {
      this.#round = new AbortController();
      const { signal } = this.#round;
      for await (const frame of this.#running.frames(signal)) {
        const taken = new Promise<void>((resolve) => {
          this.#taken = resolve;
        });
        this.#port.postMessage(
          this.#frames
            ? { type: "frame", frame: sendableFrame(frame), standing: this.#standing() }
            : { type: "standing", standing: this.#standing() },
        );
        await (this.#frames ? taken : pause(STANDING_MS, signal));
      }
      if (!this.#round.signal.aborted) return;
    }
  }

  async #report(): Promise<void> {
    while (!this.#closed) {
      await pause(REPORT_MS, this.#round.signal);
      if (!this.#closed && this.#running.status.state !== "paused")
        this.#port.postMessage({ type: "report", report: this.#running.reportWithoutInputs() });
    }
  }
}

function sendableFrame(frame: Frame): Frame {
  return { ...frame, views: frame.views.map(sendableDrawing), cameras: sendableCameras(frame.cameras) };
}

/** Resolves after that time, or when the signal is aborted. Real time, for what is told to people only. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
