import { environmentImports, exitImports, stderrImports, stdinImports, stdoutImports } from "./cli.ts";
import { monotonicClockImports, timezoneImports, wallClockImports } from "./clocks.ts";
import { filesystemImports, preopenImports } from "./filesystem.ts";
import type { GuestState } from "./guest.ts";
import { Guests } from "./guests.ts";
import type { WasiOptions } from "./options.ts";
import { pollImports } from "./poll.ts";
import { insecureImports, insecureSeedImports, randomImports } from "./random.ts";
import { socketImports } from "./sockets.ts";
import { errorImports, streamImports } from "./streams.ts";
import { terminalImports } from "./terminal.ts";

/** The newest version that is served. A component that asks for any other 0.2.x is served as well. */
const VERSION = "0.2.12";

/** Host imports by interface name, in jco's mapping. */
export type WasiImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What WASI remembers of its guests, in the order of their names: plain data, as JSON can hold it. */
export type WasiState = readonly (readonly [string, GuestState])[];

/** A WASI 0.2 that consists of what the options say and nothing else. */
export interface VirtualWasi {
  readonly imports: WasiImports;
  /** What is to be remembered between two calls. Resources that guests have handles to are in the snapshots of the components. */
  save(): WasiState;
  /** Puts everything back as it was saved. */
  restore(state: WasiState): void;
}

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
    filesystem: { types: filesystemImports(guests), preopens: preopenImports(guests) },
    io: { error: errorImports(), poll: pollImports(guests), streams: streamImports(guests) },
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
