import { WasiError } from "./errors.ts";
import type { Guest } from "./guest.ts";
import type { Guests } from "./guests.ts";
import type { OutputName } from "./options.ts";
import type { OutputStream } from "./streams.ts";

export function environmentImports(guests: Guests): Record<string, unknown> {
  return {
    getEnvironment: guests.serve(({ settings }) => Object.entries(settings.environment ?? {})),
    getArguments: guests.serve(({ settings }) => [...(settings.arguments ?? [])]),
    initialCwd: () => undefined,
  };
}

export function exitImports(guests: Guests): Record<string, unknown> {
  return {
    exit: guests.serve((guest, { tag }: { readonly tag: "ok" | "err" }) =>
      end(guest, tag === "ok" ? "success" : "failure"),
    ),
    exitWithCode: guests.serve((guest, code: number) => end(guest, `code ${code}`)),
  };
}

function end(guest: Guest, how: string): never {
  for (const lines of Object.values(guest.outputs)) lines.finish();
  throw new WasiError("exit", `the guest ended itself (exit with ${how}), where it should return`);
}

export function stdinImports(guests: Guests): Record<string, unknown> {
  return {
    getStdin: guests.serve((guest) => guest.open("inputStream", { file: null, offset: 0 })),
  };
}

export function stdoutImports(guests: Guests): Record<string, unknown> {
  return { getStdout: guests.serve((guest) => outputStream(guest, "stdout")) };
}

export function stderrImports(guests: Guests): Record<string, unknown> {
  return { getStderr: guests.serve((guest) => outputStream(guest, "stderr")) };
}

function outputStream(guest: Guest, output: OutputName): OutputStream {
  return guest.open("outputStream", { output });
}
