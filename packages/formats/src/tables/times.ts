import { isDecoded } from "../decoded-message.ts";

const SECOND_NS = 1_000_000_000n;
const MOST_DEPTH = 32;

/** What a time consists of, by the encoding of messages. */
type TimeParts = readonly [seconds: string, nanoseconds: string];
const PARTS: ReadonlyMap<string, TimeParts> = new Map([
  ["cdr", ["sec", "nanosec"]],
  ["ros1", ["sec", "nsec"]],
  ["json", ["sec", "nsec"]],
  ["protobuf", ["seconds", "nanos"]],
]);

/**
 * What makes the times in decoded messages of an encoding single integers, ns, under names that say so: `stamp` of seconds and nanoseconds becomes
 * `stamp_ns`.
 */
export function timesOf(messageEncoding: string): (message: unknown) => unknown {
  const parts = PARTS.get(messageEncoding);
  if (parts === undefined) return (message) => message;
  const isSparse = messageEncoding === "protobuf";
  return (message) => withTimes(message, (value) => timeNs(value, parts, isSparse), 0);
}

type TimeNs = (value: unknown) => bigint | undefined;

function withTimes(value: unknown, read: TimeNs, depth: number): unknown {
  if (depth > MOST_DEPTH) return value;
  if (Array.isArray(value)) return value.map((inner) => read(inner) ?? withTimes(inner, read, depth + 1));
  if (!isDecoded(value) || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isTime = read(Array.isArray(inner) ? inner[0] : inner) !== undefined;
      return [isTime ? `${name}_ns` : name, read(inner) ?? withTimes(inner, read, depth + 1)];
    }),
  );
}

/** Undefined for what is no time. A sparse encoding leaves out what is 0. */
function timeNs(value: unknown, [whole, rest]: TimeParts, isSparse: boolean): bigint | undefined {
  if (!isDecoded(value)) return undefined;
  const names = Object.keys(value);
  const isComplete = isSparse ? names.length > 0 : names.length === 2;
  if (!isComplete || !names.every((name) => name === whole || name === rest)) return undefined;
  const [seconds, nanoseconds] = [value[whole] ?? 0, value[rest] ?? 0];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanoseconds)) return undefined;
  return BigInt(seconds as number) * SECOND_NS + BigInt(nanoseconds as number);
}
