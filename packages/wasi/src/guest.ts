import { WasiError } from "./errors.ts";
import { FileTree } from "./file-tree.ts";
import type { GuestSettings, OutputName, WasiOptions } from "./options.ts";
import { OutputLines } from "./output-lines.ts";
import { type RandomState, RandomStream } from "./random-stream.ts";

/** What is to be known of a resource; together with the settings it says everything about it. */
export type ResourceState =
  /** Ready from this time on, µs; waiting longer than the call takes is not possible. */
  | { readonly kind: "pollable"; readonly readyAtUs: number }
  /** Of a file, by its path from the root, or of stdin, which is always at its end. */
  | { readonly kind: "input-stream"; readonly file: string | null; offset: number }
  | { readonly kind: "output-stream"; readonly output: OutputName }
  | { readonly kind: "terminal-output" }
  | { readonly kind: "descriptor"; readonly path: string }
  /** `next` counts the entries that were given. */
  | { readonly kind: "directory-entry-stream"; readonly path: string; next: number };

/** All that WASI remembers of a guest between two calls: plain data, as JSON can hold it. */
export interface GuestState {
  readonly random: RandomState;
  /** Bytes of lines that have not ended. */
  readonly stdout: readonly number[];
  readonly stderr: readonly number[];
  /** The number of the next resource. */
  readonly nextId: number;
  /** Open resources by number, ascending. */
  readonly resources: readonly (readonly [number, ResourceState])[];
}

const MOST_RESOURCES = 10_000;

/** One guest: what it finds around it, and what WASI remembers of it. */
export class Guest {
  readonly name: string;
  readonly random: RandomStream;
  readonly outputs: Readonly<Record<OutputName, OutputLines>>;
  readonly #options: WasiOptions;
  readonly #resources = new Map<number, ResourceState>();
  #nextId = 1;
  #settings: GuestSettings | undefined;
  #files: FileTree | undefined;

  constructor(name: string, options: WasiOptions) {
    this.name = name;
    this.random = RandomStream.of(options.seed ?? 0, name);
    this.#options = options;
    const lines = (output: OutputName): OutputLines =>
      new OutputLines((line) => options.print?.(name, output, line));
    this.outputs = { stdout: lines("stdout"), stderr: lines("stderr") };
  }

  /** Never before 1970, as WASI's clocks are unsigned. */
  get nowUs(): number {
    return Math.max(0, Math.floor(this.#options.nowUs()));
  }

  get settings(): GuestSettings {
    this.#settings ??= this.#options.settingsOf?.(this.name) ?? {};
    return this.#settings;
  }

  get files(): FileTree {
    this.#files ??= new FileTree(this.settings.files ?? new Map());
    return this.#files;
  }

  /** Opens a resource. The number is never used again. */
  open(state: ResourceState): number {
    if (this.#resources.size >= MOST_RESOURCES)
      throw new WasiError("too-much", `expected at most ${MOST_RESOURCES} open WASI resources`);
    const id = this.#nextId++;
    this.#resources.set(id, state);
    return id;
  }

  resource(id: number): ResourceState | undefined {
    return this.#resources.get(id);
  }

  close(id: number): void {
    this.#resources.delete(id);
  }

  save(): GuestState {
    return {
      random: this.random.state,
      stdout: this.outputs.stdout.state,
      stderr: this.outputs.stderr.state,
      nextId: this.#nextId,
      resources: [...this.#resources].map(([id, state]) => [id, { ...state }]),
    };
  }

  restore(state: GuestState): void {
    this.random.state = state.random;
    this.outputs.stdout.state = [...state.stdout];
    this.outputs.stderr.state = [...state.stderr];
    this.#nextId = state.nextId;
    this.#resources.clear();
    for (const [id, resource] of state.resources) this.#resources.set(id, { ...resource });
  }
}
