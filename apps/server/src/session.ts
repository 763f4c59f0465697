import type { Frame, RunDescription, SimulationHandle } from "@playhead/simulator";

/** The newest frame of a session, kept for those who come later. */
export class LatestFrame {
  #frame: Frame | undefined;
  readonly #abort = new AbortController();

  constructor(simulation: SimulationHandle) {
    void this.#follow(simulation);
  }

  get(): Frame | undefined {
    return this.#frame;
  }

  close(): void {
    this.#abort.abort();
  }

  async #follow(simulation: SimulationHandle): Promise<void> {
    for await (const frame of simulation.frames(this.#abort.signal)) this.#frame = frame;
  }
}

/** What a front tells about the recording. */
export function describeRecording(recording: RunDescription["recording"]): object {
  return {
    name: recording.name,
    startUs: recording.startUs,
    endUs: recording.endUs,
    sensors: recording.sensors.map(({ name, kind, role, schema, count, rateHz }) => ({
      name,
      kind,
      role,
      schema,
      count,
      rateHz,
    })),
    problems: recording.problems,
  };
}
