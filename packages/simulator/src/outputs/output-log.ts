import type { Engine } from "../engine/engine.ts";
import { messageOf, SimulationError } from "../errors.ts";
import type { Output, OutputSink } from "./output.ts";
import { outputTopics } from "./output-topics.ts";

/**
 * Passes outputs on to the sinks, each once, however often the run went back: outputs of a replay up to where the first run
 * got are the same to the bit, and are left out. What a sink could not take is kept, and offered again with the next.
 */
export class OutputLog {
  readonly #sinks: readonly { readonly sink: OutputSink; waiting: Output[] }[];
  #engine: Engine;
  /** Index of the first output that was not yet meant for the sinks. */
  #next: number;

  constructor(engine: Engine, sinks: readonly OutputSink[], firstIndex = 0) {
    this.#engine = engine;
    this.#sinks = sinks.map((sink) => ({ sink, waiting: [] }));
    this.#next = firstIndex;
  }

  /** How many outputs the sinks have had; no number is too large where there are no sinks. */
  get given(): number {
    return this.#sinks.length === 0 ? Number.POSITIVE_INFINITY : this.#next;
  }

  /** The sinks have the outputs before this one from an earlier run. Called before they are opened. */
  resume(firstIndex: number): void {
    this.#next = firstIndex;
  }

  async open(): Promise<void> {
    const topics = outputTopics(this.#engine);
    await guarded(() => Promise.all(this.#sinks.map(({ sink }) => sink.open(topics, this.#next))));
  }

  /** Goes on with another engine, which runs the same plan from its start. */
  follow(engine: Engine): void {
    this.#engine = engine;
  }

  /** @throws SimulationError `output-failed`; nothing is lost by it */
  async flush(): Promise<void> {
    const outputs = this.#engine.takeOutputs();
    const again = outputs.filter((output) => output.index < this.#next);
    const fresh = outputs.filter((output) => output.index >= this.#next);
    this.#next += fresh.length;
    for (const to of this.#sinks) {
      if (again.length > 0) to.sink.replayed?.(again);
      to.waiting.push(...fresh);
    }
    for (const to of this.#sinks) {
      if (to.waiting.length === 0) continue;
      await guarded(() => to.sink.write(to.waiting));
      to.waiting = [];
    }
  }

  async close(): Promise<void> {
    for (const { sink } of this.#sinks) await guarded(() => sink.close());
  }
}

async function guarded<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new SimulationError("output-failed", messageOf(error), { cause: error });
  }
}
