import { createHash } from "node:crypto";
import type { Problem } from "@playhead/recording";
import { diffPayloads, type PayloadDifference } from "./diff-payloads.ts";
import { areEqual, type DifferentInstant, differentInstants } from "./instants.ts";
import type { RecordedOutput, RecordedRun, RecordedTopic } from "./recorded-run.ts";

/** The first place in total order where two runs differ. */
export interface Divergence {
  /**
   * - `payload`: both have a message there, with other content
   * - `publish-time`: both have it, published at another time
   * - `only-a`, `only-b`: one of them has a message that the other has not
   * - `order`: both have the same messages at this time, in another order
   */
  readonly kind: "payload" | "publish-time" | "only-a" | "only-b" | "order";
  /** Position among all messages of the run, from 0. */
  readonly index: number;
  readonly timeUs: number;
  readonly unit: string;
  readonly topic: string;
  /** For `payload`. */
  readonly payload: PayloadDifference | undefined;
}

/** How the messages of a topic differ. */
export interface TopicDifference {
  readonly topic: string;
  /** Messages on either side. */
  a: number;
  b: number;
  /** Messages that both have at the same time, with other content. */
  different: number;
  onlyA: number;
  onlyB: number;
}

/** Something that is said of the runs or of a topic, and differs. */
export interface NamedDifference {
  readonly what: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** How two recorded runs compare. */
export interface RunDiff {
  /** Whether all outputs are equal: topics, messages, order, times, bytes. */
  readonly equal: boolean;
  /** What the runs were made of and came to, where that differs: the inputs first. */
  readonly about: readonly NamedDifference[];
  /** Topics that are declared otherwise. */
  readonly declared: readonly NamedDifference[];
  readonly first: Divergence | undefined;
  /** Topics whose messages differ, sorted by name. */
  readonly topics: readonly TopicDifference[];
  readonly messages: { readonly a: number; readonly b: number };
  readonly problems: { readonly a: readonly Problem[]; readonly b: readonly Problem[] };
}

/** In this order, and then what else there is. */
const ABOUT = ["recording", "inputHash", "composition", "identity", "startUs", "endUs", "untilUs", "state"];

/**
 * Compares two recorded runs message by message, in one pass and bounded memory.
 *
 * @param onProgress is told how many messages of the first were read
 */
export async function diffRuns(
  a: RecordedRun,
  b: RecordedRun,
  onProgress: (messages: number) => void = () => {},
): Promise<RunDiff> {
  const tally = new Tally();
  let first: Divergence | undefined;
  const equal = (output: RecordedOutput): void => {
    tally.equal(output);
    if (output.index % 1024 === 0) onProgress(output.index);
  };
  for await (const instant of differentInstants(a.messages(), b.messages(), equal)) {
    first ??= divergenceOf(instant);
    tally.different(instant);
    onProgress(instant.a.at(-1)?.index ?? 0);
  }
  const declared = declaredDifferences(a.topics, b.topics);
  return {
    equal: first === undefined && declared.length === 0,
    about: aboutDifferences(a.about, b.about),
    declared,
    first,
    topics: tally.topics,
    messages: tally.messages,
    problems: { a: a.problems, b: b.problems },
  };
}

/** The first place of an instant where the two sides are not the same. */
function divergenceOf({ a, b }: DifferentInstant): Divergence {
  let at = 0;
  for (; ; at++) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined || !areEqual(left, right)) break;
  }
  const [left, right] = [a[at], b[at]];
  const sameTopic = left !== undefined && right !== undefined && left.topic.topic === right.topic.topic;
  const has = (side: readonly RecordedOutput[], wanted: RecordedOutput | undefined): boolean =>
    side.slice(at).some(({ topic }) => topic.topic === wanted?.topic.topic);
  if (sameTopic && left.topic.unit === right.topic.unit) {
    const payload = diffPayloads(left.topic, left.payload, right.payload);
    return placed(payload === undefined ? "publish-time" : "payload", left, payload);
  }
  if (left !== undefined && !has(b, left)) return placed("only-a", left);
  if (right !== undefined && !has(a, right)) return placed("only-b", right);
  const either = left ?? right;
  if (either === undefined) throw new Error("Invariant: an instant that differs has a message");
  return placed("order", either);
}

function placed(
  kind: Divergence["kind"],
  { index, timeUs, topic }: RecordedOutput,
  payload?: PayloadDifference,
): Divergence {
  return { kind, index, timeUs, unit: topic.unit, topic: topic.topic, payload };
}

/** Counts messages by topic. */
class Tally {
  readonly messages = { a: 0, b: 0 };
  readonly #topics = new Map<string, TopicDifference>();

  equal({ topic }: RecordedOutput): void {
    this.messages.a++;
    this.messages.b++;
    const counts = this.#of(topic.topic);
    counts.a++;
    counts.b++;
  }

  /** Messages of a topic at one time are compared by their place among them. */
  different({ a, b }: DifferentInstant): void {
    this.messages.a += a.length;
    this.messages.b += b.length;
    for (const topic of new Set([...a, ...b].map((output) => output.topic.topic))) {
      const [left, right] = [a, b].map((side) => side.filter((output) => output.topic.topic === topic));
      this.#compare(this.#of(topic), left ?? [], right ?? []);
    }
  }

  /** Of the topics that differ, sorted by name. */
  get topics(): TopicDifference[] {
    return [...this.#topics.values()]
      .filter(({ different, onlyA, onlyB }) => different + onlyA + onlyB > 0)
      .sort((a, b) => (a.topic < b.topic ? -1 : 1));
  }

  #compare(counts: TopicDifference, a: readonly RecordedOutput[], b: readonly RecordedOutput[]): void {
    counts.a += a.length;
    counts.b += b.length;
    const both = Math.min(a.length, b.length);
    counts.onlyA += a.length - both;
    counts.onlyB += b.length - both;
    for (let at = 0; at < both; at++) {
      const [left, right] = [a[at], b[at]];
      if (left !== undefined && right !== undefined && !areEqual(left, right)) counts.different++;
    }
  }

  #of(topic: string): TopicDifference {
    let counts = this.#topics.get(topic);
    if (counts === undefined) {
      counts = { topic, a: 0, b: 0, different: 0, onlyA: 0, onlyB: 0 };
      this.#topics.set(topic, counts);
    }
    return counts;
  }
}

type About = RecordedRun["about"];

function aboutDifferences(a: About = {}, b: About = {}): NamedDifference[] {
  return [...new Set([...ABOUT, ...Object.keys(a), ...Object.keys(b)])].flatMap((what) =>
    a[what] === b[what] ? [] : [{ what, a: a[what], b: b[what] }],
  );
}

function declaredDifferences(a: readonly RecordedTopic[], b: readonly RecordedTopic[]): NamedDifference[] {
  return [...new Set([...a, ...b].map(({ topic }) => topic))].sort().flatMap((topic) => {
    const [onA, onB] = [described(a, topic), described(b, topic)];
    return onA === onB ? [] : [{ what: topic, a: onA, b: onB }];
  });
}

/** How a topic is declared, by all that publish on it; undefined where nobody does. */
function described(topics: readonly RecordedTopic[], name: string): string | undefined {
  const declared = topics.filter(({ topic }) => topic === name).map(describe);
  return declared.length === 0 ? undefined : declared.sort().join("; ");
}

function describe({ unit, messageEncoding, schema }: RecordedTopic): string {
  const publisher = unit === "" ? "" : `by ${unit}, `;
  if (schema === undefined) return `${publisher}${messageEncoding}, no schema`;
  const digest = createHash("sha256").update(schema.data).digest("hex").slice(0, 12);
  return `${publisher}${messageEncoding}, schema ${schema.name} (${schema.encoding}, ${digest})`;
}
