import { WasiError } from "./errors.ts";
import { FileTree } from "./file-tree.ts";
import { machineRandom, type RandomSource } from "./machine-random.ts";
import type { GuestSettings, Machine, OutputName, WasiOptions } from "./options.ts";
import { OutputLines } from "./output-lines.ts";
import { type RandomState, RandomStream } from "./random-stream.ts";
import type { ResourceClasses, ResourceKind, ResourceState } from "./resource-classes.ts";

/** What WASI remembers of a guest between two calls, beside the resources that the guest has handles to: plain data. */
export interface GuestState {
  readonly random: RandomState;
  /** Bytes of lines that have not ended. */
  readonly stdout: readonly number[];
  readonly stderr: readonly number[];
  /** Resources that are open. */
  readonly open: number;
}

const MOST_RESOURCES = 10_000;

/** One guest: what it finds around it, and what WASI remembers of it. */
export class Guest {
  readonly name: string;
  readonly outputs: Readonly<Record<OutputName, OutputLines>>;
  readonly #random: RandomStream;
  readonly #options: WasiOptions;
  readonly #classes: ResourceClasses;
  #open = 0;
  #settings: GuestSettings | undefined;
  #files: FileTree | undefined;

  constructor(name: string, options: WasiOptions, classes: ResourceClasses) {
    this.name = name;
    this.#random = RandomStream.of(options.seed ?? 0, name);
    this.#options = options;
    this.#classes = classes;
    const lines = (output: OutputName): OutputLines =>
      new OutputLines((line) => options.print?.(name, output, line));
    this.outputs = { stdout: lines("stdout"), stderr: lines("stderr") };
  }

  /** Never before 1970, as WASI's clocks are unsigned. */
  get nowUs(): number {
    const source = this.settings.clock === "machine" ? this.#machine : this.#options;
    return Math.max(0, Math.floor(source.nowUs()));
  }

  get random(): RandomSource {
    return this.settings.randomness === "machine" ? machineRandom(this.#machine) : this.#random;
  }

  get #machine(): Machine {
    if (this.#options.machine === undefined)
      throw new Error("Invariant: settings that grant the machine come with it");
    return this.#options.machine;
  }

  get settings(): GuestSettings {
    this.#settings ??= this.#options.settingsOf?.(this.name) ?? {};
    return this.#settings;
  }

  get files(): FileTree {
    this.#files ??= new FileTree(this.settings.files ?? new Map());
    return this.#files;
  }

  /** Opens a resource of the guest's. */
  open<K extends ResourceKind>(kind: K, state: ResourceState<K>): InstanceType<ResourceClasses[K]> {
    if (this.#open >= MOST_RESOURCES)
      throw new WasiError("too-much", `expected at most ${MOST_RESOURCES} open WASI resources`);
    this.#open++;
    return this.reopen(kind, state);
  }

  /** Makes the object of a resource that is counted already. */
  reopen<K extends ResourceKind>(kind: K, state: ResourceState<K>): InstanceType<ResourceClasses[K]> {
    const Class = this.#classes[kind] as new (
      guest: Guest,
      state: object,
    ) => InstanceType<ResourceClasses[K]>;
    return new Class(this, state);
  }

  close(): void {
    this.#open--;
  }

  save(): GuestState {
    return {
      random: this.#random.state,
      stdout: this.outputs.stdout.state,
      stderr: this.outputs.stderr.state,
      open: this.#open,
    };
  }

  restore(state: GuestState): void {
    this.#random.state = state.random;
    this.outputs.stdout.state = [...state.stdout];
    this.outputs.stderr.state = [...state.stderr];
    this.#open = state.open;
  }
}
