import type { Problem, Reading, ReadOptions, Recording, Sensor } from "@playhead/recording";

/** A recording under another name, such as that of the file that it was imported from; it has the problems of its import too. */
export class ImportedRecording implements Recording {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly sensors: readonly Sensor[];
  readonly fingerprint: string | undefined;
  readonly #recording: Recording;
  readonly #problems: readonly Problem[];

  constructor(recording: Recording, name: string, problems: readonly Problem[]) {
    this.name = name;
    this.startUs = recording.startUs;
    this.endUs = recording.endUs;
    this.sensors = recording.sensors;
    this.fingerprint = recording.fingerprint;
    this.#recording = recording;
    this.#problems = problems;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems, ...this.#recording.problems];
  }

  read(options?: ReadOptions): AsyncIterable<readonly Reading[]> {
    return this.#recording.read(options);
  }

  latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>> {
    return this.#recording.latestAtOrBefore(timeUs, sensors);
  }

  close(): Promise<void> {
    return this.#recording.close();
  }
}
