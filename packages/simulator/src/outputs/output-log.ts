import type { Engine } from "../engine/engine.ts";
import { messageOf, SimulationError } from "../errors.ts";
import type { OutputSink } from "./output.ts";
import { outputTopics } from "./output-topics.ts";

/**
 * Passes outputs on to the sinks, each once, however often the run went back: outputs of a replay up to where the first run
 * got are the same to the bit, and are left out.
 */
export class OutputLog {
  readonly #sinks: readonly OutputSink[];
  #engine: Engine;
  /** Index of the first output that the sinks have not seen. */
  #next: number;

  constructor(engine: Engine, sinks: readonly OutputSink[], firstIndex = 0) {
    this.#engine = engine;
    this.#sinks = sinks;
    this.#next = firstIndex;
  }

  async open(): Promise<void> {
    const topics = outputTopics(this.#engine);
    await guarded(() => Promise.all(this.#sinks.map((sink) => sink.open(topics))));
  }

  /** Goes on with another engine, which runs the same plan from its start. */
  follow(engine: Engine): void {
    this.#engine = engine;
  }

  async flush(): Promise<void> {
    const outputs = this.#engine.takeOutputs();
    if (outputs.length === 0) return;
    const fresh = outputs.filter((output) => output.index >= this.#next);
    if (fresh.length < outputs.length) {
      const again = outputs.filter((output) => output.index < this.#next);
      for (const sink of this.#sinks) sink.replayed?.(again);
    }
    if (fresh.length === 0) return;
    this.#next += fresh.length;
    for (const sink of this.#sinks) await guarded(() => sink.write(fresh));
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks) await guarded(() => sink.close());
  }
}

async function guarded<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new SimulationError("output-failed", messageOf(error), { cause: error });
  }
}
