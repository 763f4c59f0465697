import { WasiError } from "./errors.ts";
import type { Guest } from "./guest.ts";
import type { Guests } from "./guests.ts";
import { Resource } from "./resource.ts";

/** Ready, or not ready as long as the call lasts: time stands still meanwhile. */
export class Pollable extends Resource<{ readonly readyAtUs: number }> {
  get readyAtUs(): number {
    return this.state.readyAtUs;
  }

  ready(): boolean {
    return this.readyAtUs <= this.guest.nowUs;
  }

  block(): void {
    if (!this.ready()) waitForever([this]);
  }
}

/** Of something that never has to be waited for. */
export function readyPollable(guest: Guest): Pollable {
  return guest.open("pollable", { readyAtUs: 0 });
}

export function pollImports(guests: Guests): Record<string, unknown> {
  return {
    Pollable: guests.classes.pollable,
    poll: (pollables: readonly Pollable[]): Uint32Array => {
      if (pollables.length === 0) throw new WasiError("bad-call", "poll: expected at least one pollable");
      const ready = [...pollables.keys()].filter((index) => pollables[index]?.ready());
      if (ready.length === 0) waitForever(pollables);
      return Uint32Array.from(ready);
    },
  };
}

function waitForever(pollables: readonly Pollable[]): never {
  const waitUs = Math.min(...pollables.map((pollable) => pollable.readyAtUs - pollable.guest.nowUs));
  throw new WasiError(
    "waits-forever",
    `the guest waits until ${waitUs / 1e6} s from now, but virtual time stands still during a call: nothing would wake it`,
  );
}
