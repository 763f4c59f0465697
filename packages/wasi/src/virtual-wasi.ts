import {
  environmentImports,
  exitImports,
  stderrImports,
  stdinImports,
  stdoutImports,
  TerminalOutput,
  terminalImports,
} from "./cli.ts";
import { monotonicClockImports, timezoneImports, wallClockImports } from "./clocks.ts";
import { Descriptor, DirectoryEntryStream, filesystemImports, preopenImports } from "./filesystem.ts";
import type { GuestState, ResourceState } from "./guest.ts";
import { Guests } from "./guests.ts";
import type { WasiOptions } from "./options.ts";
import { Pollable, pollImports } from "./poll.ts";
import { insecureImports, insecureSeedImports, randomImports } from "./random.ts";
import { Resource } from "./resource.ts";
import { socketImports } from "./sockets.ts";
import { errorImports, InputStream, OutputStream, streamImports } from "./streams.ts";

/** The newest version that is served. A component that asks for any other 0.2.x is served as well. */
const VERSION = "0.2.12";

/** Host imports by interface name, in jco's mapping. */
export type WasiImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What all guests' WASI remembers, by guest, in the order of their names: plain data, as JSON can hold it. */
export type WasiState = readonly (readonly [string, GuestState])[];

/** Tells an open resource from all others of a virtual WASI. */
export interface ResourceReference {
  readonly guest: string;
  readonly id: number;
}

/** A WASI 0.2 that consists of what the options say and nothing else. */
export interface VirtualWasi {
  readonly imports: WasiImports;
  /** What is to be remembered between two calls. */
  save(): WasiState;
  /** Puts everything back as it was saved; the objects behind handles stay usable where they were open then. */
  restore(state: WasiState): void;
  /** Names the resource behind a handle; undefined for what is none of ours or has no state. */
  refer(resource: object): ResourceReference | undefined;
  /** The object for a resource that is open, made anew; undefined where it is not. */
  revive(reference: ResourceReference): object | undefined;
}

const CLASSES = {
  pollable: Pollable,
  "input-stream": InputStream,
  "output-stream": OutputStream,
  "terminal-output": TerminalOutput,
  descriptor: Descriptor,
  "directory-entry-stream": DirectoryEntryStream,
} as const satisfies Record<ResourceState["kind"], unknown>;

/**
 * Makes a virtual WASI for any number of guests: clocks from the caller's time, seeded randomness, output by lines, a read-only file system
 * in memory, no sockets. It never looks at the machine's clock, randomness, environment or files.
 */
export function virtualWasi(options: WasiOptions): VirtualWasi {
  const guests = new Guests(options);
  return {
    imports: importsFor(guests),
    save: () =>
      guests.all
        .map(({ name }) => name)
        .sort()
        .map((name) => [name, guests.named(name).save()]),
    restore: (state) => {
      const saved = new Map(state);
      for (const guest of guests.all) if (!saved.has(guest.name)) guests.forget(guest.name);
      for (const [name, guestState] of state) guests.named(name).restore(guestState);
    },
    refer: (resource) =>
      resource instanceof Resource ? { guest: resource.guest.name, id: resource.id } : undefined,
    revive: ({ guest: name, id }) => {
      const guest = guests.named(name);
      const state = guest.resource(id);
      return state === undefined ? undefined : new CLASSES[state.kind](guest, id);
    },
  };
}

function importsFor(guests: Guests): WasiImports {
  return versioned({
    cli: {
      environment: environmentImports(guests),
      exit: exitImports(guests),
      stdin: stdinImports(guests),
      stdout: stdoutImports(guests),
      stderr: stderrImports(guests),
      ...terminalImports(guests),
    },
    clocks: {
      "monotonic-clock": monotonicClockImports(guests),
      "wall-clock": wallClockImports(guests),
      timezone: timezoneImports(),
    },
    filesystem: { types: filesystemImports(), preopens: preopenImports(guests) },
    io: { error: errorImports(), poll: pollImports(), streams: streamImports() },
    random: {
      random: randomImports(guests),
      insecure: insecureImports(guests),
      "insecure-seed": insecureSeedImports(guests),
    },
    sockets: socketImports(),
  });
}

function versioned(packages: Record<string, Record<string, Record<string, unknown>>>): WasiImports {
  return Object.fromEntries(
    Object.entries(packages).flatMap(([name, interfaces]) =>
      Object.entries(interfaces).map(([interfaceName, imports]) => [
        `wasi:${name}/${interfaceName}@${VERSION}`,
        imports,
      ]),
    ),
  );
}
