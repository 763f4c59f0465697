import type { MemoryImage } from "@playhead/component-model";
import type { Picture } from "../outputs/picture.ts";
import type { PipelineSource } from "./pipeline-source.ts";

/** The calls of a unit, in the JavaScript mapping of `playhead:sim/component`. An error result is thrown. */
export interface UnitExports {
  init(configuration: [string, string][]): void;
  step(nowUs: bigint): void;
}

/** The calls of a unit that draws, in the JavaScript mapping of `playhead:sim/view`. */
export interface ViewExports {
  listViews(): { name: string; title: string }[];
  render(view: number, nowUs: bigint): Picture;
}

/** A unit of a linked composition. */
export interface LinkedUnit {
  /** The name under which the composition exports it. */
  readonly name: string;
  /** Path of its instance, as host functions are told it. */
  readonly path: string;
  readonly component: UnitExports;
  readonly view: ViewExports | undefined;
  /** Names of the units that it has a wire to: it calls them. */
  readonly providers: readonly string[];
}

/** Something that can be simulated: units in the order in which they run at equal times, made anew by every `link`. */
export interface Pipeline {
  /** For people: the file that it came from. */
  readonly name: string;
  /** SHA-256 of everything that it is made of, 64 hexadecimal digits. */
  readonly identity: string;
  readonly unitNames: readonly string[];
  /** What the same can be made of elsewhere; undefined where nobody knows. */
  readonly source: PipelineSource | undefined;
  /** Name of the unit to which the instance with the path belongs; undefined where it is part of none. */
  unitNameAt(path: string): string | undefined;
  /** Fresh instances. */
  link(imports: HostImports, limits: PipelineLimits): LinkedPipeline;
}

/** What the components of a pipeline may take. */
export interface PipelineLimits {
  /** In units of about one instruction, for each call from the host. */
  readonly fuelPerCall: number;
  /** Of the memories of one instance, bytes. */
  readonly largestMemoryBytes: number;
}

/** The instances of a pipeline. */
export interface LinkedPipeline {
  /** Providers come before those that call them. */
  readonly units: readonly LinkedUnit[];
  /** Saves and restores everything inside the instances; undefined where that cannot be done. */
  readonly state: InstanceStates | undefined;
}

/** What is inside the instances of a pipeline, between two calls. */
export interface InstanceStates {
  /** Copies what has changed; nothing is hashed yet. */
  save(): SavedInstances;
  /** What each instance has of what was saved, by its path: plain data, equal for equal states. */
  parts(saved: SavedInstances): readonly (readonly [path: string, part: unknown])[];
  /** Whether these instances can become what was saved; where not (their memory has grown since), fresh ones can. */
  fits(saved: SavedInstances): boolean;
  /**
   * One state made of two: that of the instance at a path, and of all inside it, from the one, everything else from the other. It holds nothing:
   * it is good as long as both are.
   *
   * @throws ComponentModelError `not-saveable` where other instances hold resources of that one
   */
  mixed(others: SavedInstances, one: SavedInstances, path: string): SavedInstances;
  /** Puts back what was saved from these instances or from others of the same pipeline. Runs no guest code. */
  restore(saved: SavedInstances): void;
}

/** The state of the instances of a pipeline; never changed. */
export interface SavedInstances {
  /** All but the contents of memories: plain data. */
  readonly data: unknown;
  /** The contents of memories, one after the other. Pages that have not changed since another state was saved are the same objects. */
  readonly memories: readonly MemoryImage[];
}

/** Host imports by interface name, in the JavaScript mapping of values. */
export type HostImports = Record<string, Record<string, unknown>>;
