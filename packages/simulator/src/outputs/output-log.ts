import type { AlertRecord } from "../control/report.ts";
import type { Engine } from "../engine/engine.ts";
import { mayPublish } from "../engine/host-services.ts";
import { messageOf, SimulationError } from "../errors.ts";
import type { Output, OutputSink } from "./output.ts";
import { outputTopics } from "./output-topics.ts";

const KEPT_ALERTS = 10_000;

/**
 * Passes outputs on to the sinks, each once, however often the run went back: outputs of a replay up to where the first run
 * got are the same to the bit, and are left out.
 */
export class OutputLog {
  /** Of the whole run as far as it ever got, with the outputs that they are. */
  readonly #alerts: { readonly index: number; readonly record: AlertRecord }[] = [];
  readonly #sinks: readonly OutputSink[];
  #engine: Engine;
  /** Index of the first output that the sinks have not seen. */
  #next = 0;

  constructor(engine: Engine, sinks: readonly OutputSink[]) {
    this.#engine = engine;
    this.#sinks = sinks;
  }

  /** Warnings up to the playhead, in their order. */
  get alerts(): readonly AlertRecord[] {
    const { outputCount } = this.#engine;
    return this.#alerts.filter(({ index }) => index < outputCount).map(({ record }) => record);
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
    if (fresh.length === 0) return;
    for (const output of fresh) this.#keepAlert(output);
    this.#next = this.#engine.outputCount;
    for (const sink of this.#sinks) await guarded(() => sink.write(fresh));
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks) await guarded(() => sink.close());
  }

  #keepAlert(output: Output): void {
    if (output.kind !== "message" || this.#alerts.length >= KEPT_ALERTS) return;
    const unit = this.#engine.units.find((candidate) => candidate.name === output.unit);
    if (
      unit === undefined ||
      !mayPublish(unit, output.topic) ||
      unit.config.publishes[output.topic]?.role !== "alerts"
    )
      return;
    const { timeUs, topic } = output;
    const record = { timeUs, unit: output.unit, topic, message: parsed(output.payload) };
    this.#alerts.push({ index: output.index, record });
  }
}

const LONGEST_ALERT_BYTES = 64 * 1024;

/** JSON as its value, where it is JSON of a sensible size and depth; the text otherwise. */
function parsed(payload: Uint8Array): unknown {
  const text = new TextDecoder().decode(payload.subarray(0, LONGEST_ALERT_BYTES));
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return value;
  } catch {
    return text;
  }
}

async function guarded<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new SimulationError("output-failed", messageOf(error), { cause: error });
  }
}
