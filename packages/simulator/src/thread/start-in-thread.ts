import { Worker } from "node:worker_threads";
import type { Vault } from "../checkpoints/open-vault.ts";
import type { Command, CommandResult } from "../control/command.ts";
import { Conflated } from "../control/conflated.ts";
import type { Frame, SimulationStatus } from "../control/frame.ts";
import type { RunReport } from "../control/report.ts";
import type { RunDescription, SimulationHandle } from "../control/simulation-handle.ts";
import type { SimulationOptions } from "../control/simulation-options.ts";
import { CallMonitor } from "../engine/call-monitor.ts";
import { messageOf, SimulationError } from "../errors.ts";
import type { Output, OutputSink } from "../outputs/output.ts";
import { decodeError, encodeError } from "./error-codec.ts";
import type { FromThread, SinkCall, Standing, ThreadCall, ThreadData, ToThread } from "./protocol.ts";
import { Watchdog } from "./watchdog.ts";

export interface ThreadOptions
  extends Pick<
    SimulationOptions,
    "speed" | "sinks" | "checkpoints" | "capsules" | "cacheFolder" | "resumeAfter" | "verifySeeks"
  > {
  /** The module of the thread: it calls `serveSimulation`. */
  readonly module: URL;
  /** Where checkpoints are kept, which outlive the thread; closed with the simulation. In the thread's own memory without. */
  readonly vault?: Vault | undefined;
  /** Ends the opening, which may take long, or wait for a recording that is being written; of no effect once sinks are open or the simulation has started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a simulation in a thread of its own: this thread never waits for a component, and a component that never comes back is ended
 * by a watchdog. Outputs that sinks have taken are not given to them again.
 *
 * @param request what the thread's module opens; plain data
 * @throws what opening and initialising fail with
 */
export async function startInThread(request: unknown, options: ThreadOptions): Promise<SimulationHandle> {
  const simulation = new ThreadSimulation(request, options);
  try {
    await simulation.launch();
  } catch (error) {
    await options.vault?.close();
    throw error;
  }
  return simulation;
}

interface Pending {
  readonly call: ThreadCall;
  readonly resolve: (value: unknown) => void;
}

class ThreadSimulation implements SimulationHandle {
  readonly #request: unknown;
  readonly #options: ThreadOptions;
  readonly #frames = new Conflated<Frame>();
  readonly #pending = new Map<number, Pending>();
  readonly #watchdog: Watchdog;
  #worker: Worker | undefined;
  #monitor = new CallMonitor();
  #nextId = 0;
  #readers = 0;
  #description: RunDescription | undefined;
  #standing: Standing | undefined;
  #failure: SimulationError | undefined;
  /** The last that the thread told. */
  #lastReport: RunReport | undefined;
  /** Set once it is closed. */
  #closed: Promise<void> | undefined;
  /** With the index of the first output that each has not written. */
  readonly #sinks: readonly { readonly sink: OutputSink; next: number }[];
  #sinksOpen = false;
  /** Whether the run may go on without a unit that failed. */
  #recovers = false;
  /** Faults with which threads were lost. */
  readonly #lostWith: SimulationError[] = [];
  /** About how many of them the thread has decided. */
  #decided = 0;

  constructor(request: unknown, options: ThreadOptions) {
    this.#request = request;
    this.#options = options;
    this.#sinks = (options.sinks ?? []).map((sink) => ({ sink, next: 0 }));
    this.#watchdog = new Watchdog({
      ping: () => this.#send({ type: "ping" }),
      lost: (silentMs) => void this.#lost(this.#timedOut(silentMs)),
    });
  }

  get description(): RunDescription {
    if (this.#description === undefined)
      throw new Error("Invariant: a simulation is used once it has started");
    return this.#description;
  }

  get status(): SimulationStatus {
    if (this.#standing === undefined) throw new Error("Invariant: a simulation is used once it has started");
    return this.#standing.status;
  }

  get failure(): SimulationError | undefined {
    return this.#failure;
  }

  /** Starts the thread and waits until the simulation in it stands at its start. */
  async launch(): Promise<void> {
    const { module, speed, checkpoints, capsules, cacheFolder, resumeAfter, sinks = [] } = this.#options;
    const vault = this.#options.vault?.connect();
    this.#monitor = new CallMonitor();
    const data: ThreadData = {
      request: this.#request,
      speed: this.#standing?.status.speed ?? speed,
      checkpoints,
      capsules,
      cacheFolder,
      vault,
      verifySeeks: this.#options.verifySeeks,
      // Where it was lost, a run is gone back in; only the first thread goes on where another process was.
      resumeAfter: this.#standing === undefined ? resumeAfter : undefined,
      outputs: {
        wanted: sinks.length > 0,
        drawings: sinks.some(({ needsDrawings }) => needsDrawings === true),
        firstIndex: this.#sinks.length === 0 ? 0 : Math.min(...this.#sinks.map(({ next }) => next)),
      },
      lost: this.#lostWith.map((error) => encodeError(error)),
      monitor: this.#monitor.shared,
    };
    const worker = new Worker(module, {
      workerData: data,
      execArgv: [],
      transferList: vault === undefined ? [] : [vault],
    });
    this.#worker = worker;
    const { signal } = this.#options;
    let giveUp = (): void => {};
    await new Promise<void>((resolve, reject) => {
      giveUp = () => {
        if (this.#worker !== worker || this.#sinksOpen || this.#description !== undefined) return;
        this.#forget();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      if (signal?.aborted === true) giveUp();
      worker.on("message", (message: FromThread) => {
        if (this.#worker !== worker) return;
        if (message.type === "started") {
          this.#description ??= message.description;
          this.#lastReport ??= message.report;
          this.#recovers = message.recovers;
          this.#decided = message.decided;
          this.#keep(message.standing);
          this.#watchdog.start(message.watchdogMs);
          if (this.#readers > 0) this.#send({ type: "watch", frames: true });
          resolve();
        } else if (message.type === "not-started") {
          this.#forget();
          reject(decodeError(message.error));
        } else this.#receive(message);
      });
      const ended = (error: Error): void => {
        if (this.#worker !== worker) return;
        void this.#lost(lostThread(error));
        reject(error);
      };
      worker.on("error", ended);
      worker.on("exit", (code) => ended(new Error(`the thread of the simulation ended with code ${code}`)));
    }).finally(() => signal?.removeEventListener("abort", giveUp));
  }

  async apply(command: Command): Promise<CommandResult> {
    if (this.#closed !== undefined) return refused("closed", "the simulation is closed");
    if (this.#worker === undefined) {
      const { type } = command;
      if (type !== "seek" && type !== "seek-by")
        return refused("failed", this.#failure?.message ?? "the run has failed");
      try {
        await this.launch();
      } catch (error) {
        return refused("failed", messageOf(error));
      }
    }
    return (await this.#call({ name: "apply", command })) as CommandResult;
  }

  async *frames(signal?: AbortSignal): AsyncGenerator<Frame> {
    if (this.#readers++ === 0) this.#send({ type: "watch", frames: true });
    try {
      yield* this.#frames.read(signal);
    } finally {
      if (--this.#readers === 0) this.#send({ type: "watch", frames: false });
    }
  }

  async finished(): Promise<SimulationStatus> {
    return (await this.#call({ name: "finished" })) as SimulationStatus;
  }

  async rest(): Promise<SimulationStatus> {
    return (await this.#call({ name: "rest" })) as SimulationStatus;
  }

  async report(): Promise<RunReport> {
    return (await this.#call({ name: "report" })) as RunReport;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#worker !== undefined) this.#lastReport = (await this.#call({ name: "close" })) as RunReport;
    else {
      await this.#closeSinks();
      this.#stand("closed");
    }
    this.#forget();
    this.#settle();
    this.#frames.close();
    await this.#options.vault?.close();
  }

  /** Answers what the thread did not. */
  #settle(): void {
    for (const { call, resolve } of this.#pending.values()) resolve(this.#withoutThread(call));
    this.#pending.clear();
  }

  /** Asks the thread; where there is none, or it is lost, the answer is the best that is known here. */
  #call(call: ThreadCall): Promise<unknown> {
    if (this.#worker === undefined) return Promise.resolve(this.#withoutThread(call));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#pending.set(id, { call, resolve });
      this.#send({ type: "call", id, call });
    });
  }

  #withoutThread({ name }: ThreadCall): unknown {
    switch (name) {
      case "apply":
        return refused("failed", this.#failure?.message ?? "the run has failed");
      case "finished":
      case "rest":
        return this.status;
      case "report":
      case "close":
        return { ...this.#lastReport, ...reportStanding(this.status) };
    }
  }

  #receive(message: Exclude<FromThread, { type: "started" | "not-started" }>): void {
    this.#watchdog.heard();
    switch (message.type) {
      case "answer": {
        this.#keep(message.standing);
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        pending?.resolve(message.value);
        return;
      }
      case "frame":
        this.#keep(message.standing);
        this.#frames.put(message.frame);
        this.#send({ type: "frame-taken" });
        return;
      case "standing":
        this.#keep(message.standing);
        return;
      case "report":
        this.#lastReport = message.report;
        return;
      case "sink":
        void this.#serveSinks(message.id, message.call);
    }
  }

  #keep(standing: Standing): void {
    this.#standing = standing;
    const { failure } = standing;
    this.#failure = failure === undefined ? undefined : (decodeError(failure) as SimulationError);
  }

  /** Tells of a state that the thread itself cannot tell of any more. */
  #stand(state: SimulationStatus["state"]): void {
    const { status, failure } = this.#standing as Standing;
    const error =
      this.#failure === undefined ? undefined : { code: this.#failure.code, message: this.#failure.message };
    this.#standing = { status: { ...status, state, error }, failure };
  }

  async #serveSinks(id: number, call: SinkCall): Promise<void> {
    const worker = this.#worker;
    let problem: unknown;
    try {
      await this.#callSinks(call);
    } catch (error) {
      problem = error;
    }
    if (worker !== this.#worker) return;
    const error = problem === undefined ? undefined : encodeError(problem);
    this.#send({ type: "sink-done", id, error });
  }

  async #callSinks(call: SinkCall): Promise<void> {
    const { sinks = [] } = this.#options;
    if (call.name === "close") return this.#closeSinks();
    if (call.name === "open") {
      if (this.#sinksOpen) return;
      this.#sinksOpen = true;
      for (const to of this.#sinks) to.next = call.firstIndex;
      await Promise.all(sinks.map((sink) => sink.open(call.topics, call.firstIndex)));
      return;
    }
    this.#writes = this.#writes.catch(() => undefined).then(() => this.#write(call.outputs));
    await this.#writes;
  }

  /** Behind outputs that could not be written none are: they come again, in order. */
  async #write(outputs: readonly Output[]): Promise<void> {
    for (const to of this.#sinks) {
      const fresh = outputs.filter(({ index }) => index >= to.next);
      if ((fresh[0]?.index ?? to.next) > to.next)
        throw new SimulationError("output-failed", "outputs before these could not be written");
      await to.sink.write(fresh);
      to.next += fresh.length;
    }
  }

  /** The writes so far: batches come faster than they are written. */
  #writes: Promise<void> = Promise.resolve();

  async #closeSinks(): Promise<void> {
    if (!this.#sinksOpen) return;
    this.#sinksOpen = false;
    await this.#writes.catch(() => undefined);
    for (const sink of this.#options.sinks ?? []) await sink.close();
  }

  #timedOut(silentMs: number): SimulationError {
    const current = this.#monitor.current;
    const unit = current === undefined ? undefined : this.#description?.units[current.unit]?.name;
    const silent = `nothing was heard for ${(silentMs / 1000).toFixed(0)} s`;
    if (current === undefined || unit === undefined)
      return new SimulationError("timed-out", `the simulation does not answer: ${silent}; it was ended`);
    const { call, timeUs, event } = current;
    const when = ((timeUs - this.description.startUs) / 1e6).toFixed(6);
    return new SimulationError(
      "timed-out",
      `${unit}: ${call} at ${when} s: it does not come back: ${silent}; it was ended`,
      { place: { unit, instance: unit, call, kind: "time-out", timeUs, event, inputs: [] } },
    );
  }

  /**
   * The thread is of no use any more. Another one goes on without the unit that failed, where the configuration says so; otherwise the run has
   * failed, and can be gone back in with another thread.
   */
  async #lost(failure: SimulationError): Promise<void> {
    this.#forget();
    if (failure.place?.event !== undefined && this.#recovers && (await this.#recover(failure))) return;
    this.#failure = failure;
    if (this.#standing !== undefined) this.#stand("failed");
    this.#settle();
  }

  /** @returns whether the run stands where it was again, and does what it did */
  async #recover(failure: SimulationError): Promise<boolean> {
    const { state, timeUs } = this.status;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    this.#lostWith.push(failure);
    if (!(await this.#comeBack(timeUs))) {
      this.#forget();
      for (const [id, pending] of waiting.entries()) this.#pending.set(id, pending);
      return false;
    }
    if (state === "playing") await this.apply({ type: "play" });
    for (const { call, resolve } of waiting)
      if (call.name === "apply") resolve(refused("failed", failure.message));
      else void this.#call(call).then(resolve);
    return true;
  }

  /** Another thread, at the time. False where it does not know what to do about a fault. */
  async #comeBack(timeUs: number): Promise<boolean> {
    try {
      await this.launch();
    } catch {
      return false;
    }
    return this.#decided >= this.#lostWith.length && (await this.apply({ type: "seek", timeUs })).ok;
  }

  #forget(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#watchdog.stop();
    void worker?.terminate();
  }

  #send(message: ToThread): void {
    this.#worker?.postMessage(message);
  }
}

function refused(code: (CommandResult & { ok: false })["code"], reason: string): CommandResult {
  return { ok: false, code, reason };
}

function reportStanding({ state, error }: SimulationStatus): Pick<RunReport, "state" | "error"> {
  return { state, error };
}

function lostThread(cause: Error): SimulationError {
  const memory = (cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
  return memory
    ? new SimulationError("out-of-memory", "the simulation needed more memory than its thread may have", {
        cause,
      })
    : new SimulationError("internal", messageOf(cause), { cause });
}
