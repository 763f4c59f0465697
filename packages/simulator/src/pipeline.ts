import type { Picture } from "./picture.ts";

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
  /** Name of the unit to which the instance with the path belongs; undefined where it is part of none. */
  unitNameAt(path: string): string | undefined;
  /** Fresh instances. Providers come before those that call them. */
  link(imports: HostImports): LinkedUnit[];
}

/** Host imports by interface name, in the JavaScript mapping of values. */
export type HostImports = Record<string, Record<string, unknown>>;
