import type { Guest } from "./guest.ts";
import type { Guests } from "./guests.ts";

/** Both clocks show virtual time since the Unix epoch: ns here, whole µs in truth. */
export function monotonicClockImports(guests: Guests): Record<string, unknown> {
  return {
    now: guests.serve(nowNs),
    resolution: () => 1000n,
    subscribeInstant: guests.serve((guest, whenNs: bigint) =>
      guest.open("pollable", { readyAtUs: ceilUs(whenNs) }),
    ),
    subscribeDuration: guests.serve((guest, durationNs: bigint) =>
      guest.open("pollable", { readyAtUs: ceilUs(nowNs(guest) + durationNs) }),
    ),
  };
}

export function wallClockImports(guests: Guests): Record<string, unknown> {
  return {
    now: guests.serve(({ nowUs }) => ({
      seconds: BigInt(Math.floor(nowUs / 1e6)),
      nanoseconds: (nowUs % 1e6) * 1000,
    })),
    resolution: () => ({ seconds: 0n, nanoseconds: 1000 }),
  };
}

export function timezoneImports(): Record<string, unknown> {
  return {
    display: () => ({ utcOffset: 0, name: "UTC", inDaylightSavingTime: false }),
    utcOffset: () => 0,
  };
}

function nowNs({ nowUs }: Guest): bigint {
  return BigInt(nowUs) * 1000n;
}

/** The end of time is as good as anything beyond. */
function ceilUs(ns: bigint): number {
  return Math.min(Number((ns + 999n) / 1000n), Number.MAX_SAFE_INTEGER);
}
