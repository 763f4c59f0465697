import type { Divergence, NamedDifference, PayloadDifference, RunDiff } from "@playhead/simulator";
import { printable } from "./printable.ts";
import { problemLines } from "./summary.ts";
import { table } from "./table.ts";

const LONGEST_VALUE = 300;

/** How two recorded runs compare, for people. */
export function diffText(a: string, b: string, diff: RunDiff): string {
  const { equal, messages, about, declared, first, topics, problems } = diff;
  return [
    equal
      ? `Equal: ${messages.a} messages\n`
      : `Different: ${messages.a} messages in ${printable(a)}, ${messages.b} in ${printable(b)}\n`,
    named("Runs", about, ABOUT),
    named("Topics that are declared otherwise", declared, {}),
    first === undefined ? "" : `First difference\n${divergenceText(first)}`,
    topics.length === 0
      ? ""
      : `Messages that differ\n${table([
          ["topic", "a", "b", "other content", "only in a", "only in b"],
          ...topics.map((t) => [t.topic, t.a, t.b, t.different, t.onlyA, t.onlyB]),
        ])}`,
    problemsOf("a", problems.a),
    problemsOf("b", problems.b),
  ].join("");
}

/** The first difference, one fact a line. `a` and `b` are what either side has. */
export function divergenceText(first: Divergence): string {
  const { kind, timeUs, unit, topic, index, payload } = first;
  const lines = [
    `  time       ${isoTime(timeUs)} (${timeUs} µs)`,
    ...(unit === "" ? [] : [`  component  ${printable(unit)}`]),
    `  topic      ${printable(topic)}, message ${index} of the run`,
    `  what       ${KINDS[kind]}`,
    ...(payload === undefined ? [] : payloadLines(payload)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Plain data of what can hold values that JSON has no form for. */
export function plainData(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (_key, value: unknown) =>
      typeof value === "bigint"
        ? String(value)
        : ArrayBuffer.isView(value)
          ? [...(value as Uint8Array)]
          : value,
    ),
  ) as object;
}

const KINDS: Readonly<Record<Divergence["kind"], string>> = {
  payload: "other content",
  "publish-time": "published at another time",
  "only-a": "a message that only a has",
  "only-b": "a message that only b has",
  order: "the same messages at this time, in another order",
};

const ABOUT: Readonly<Record<string, string>> = {
  recording: "recording",
  inputHash: "readings",
  composition: "composition",
  identity: "components or configuration",
  startUs: "start, µs",
  endUs: "end, µs",
  untilUs: "reached, µs",
  runHash: "run hash",
};

function payloadLines({ byteOffset, aBytes, bBytes, field, picture, text }: PayloadDifference): string[] {
  const lines = [`  byte       ${byteOffset} (a has ${aBytes} bytes, b ${bBytes})`];
  if (picture !== undefined)
    lines.push(`  picture    ${picture.a}${picture.a === picture.b ? "" : ` and ${picture.b}`}`);
  if (field === undefined) return lines;
  lines.push(`  field      ${field.path === "" ? "the whole message" : printable(field.path)}`);
  if (text !== undefined) lines.push(`  place      ${printable(text.place)}, character ${text.offset}`);
  const [a, b] = text === undefined ? [valueText(field.a), valueText(field.b)] : [text.a, text.b];
  return [
    ...lines,
    `  a          ${printable(a, LONGEST_VALUE)}`,
    `  b          ${printable(b, LONGEST_VALUE)}`,
  ];
}

function valueText(value: unknown): string {
  if (value === undefined) return "nothing there";
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}

function named(
  title: string,
  differences: readonly NamedDifference[],
  words: Readonly<Record<string, string>>,
): string {
  if (differences.length === 0) return "";
  const rows = differences.map(({ what, a, b }) => [words[what] ?? what, a ?? "–", b ?? "–"]);
  return `${title}\n${table([["", "a", "b"], ...rows])}`;
}

function problemsOf(side: string, problems: RunDiff["problems"]["a"]): string {
  return problems.length === 0 ? "" : `Problems of ${side}\n${problemLines(problems, "  ")}`;
}

export function isoTime(timeUs: number): string {
  const ms = Math.floor(timeUs / 1000);
  const rest = String(timeUs - ms * 1000).padStart(3, "0");
  return new Date(ms).toISOString().replace("Z", `${rest}Z`);
}
