import { messageValues } from "@playhead/recording";
import { firstDifference, type ValueDifference } from "./diff-values.ts";
import { placeInText } from "./place-in-text.ts";
import type { RecordedTopic } from "./recorded-run.ts";

/** Where two payloads first differ. */
export interface PayloadDifference {
  /** First byte that differs, from 0; the length of the shorter where it is the start of the other. */
  readonly byteOffset: number;
  readonly aBytes: number;
  readonly bBytes: number;
  /** The field that differs first; undefined where the messages cannot be read as values, or are equal as such. */
  readonly field: ValueDifference | undefined;
  /** For pictures: their kinds. */
  readonly picture: { readonly a: string; readonly b: string } | undefined;
  /** Where a text inside differs: its surroundings on both sides. */
  readonly text: TextDifference | undefined;
}

/** Where two long texts differ. */
export interface TextDifference {
  /** First character that differs, from 0. */
  readonly offset: number;
  /** In words: the element of a document, or the line. */
  readonly place: string;
  readonly a: string;
  readonly b: string;
}

/** Undefined where the payloads are equal. */
export function diffPayloads(
  topic: RecordedTopic,
  a: Uint8Array,
  b: Uint8Array,
): PayloadDifference | undefined {
  const byteOffset = firstDifferentByte(a, b);
  if (byteOffset === undefined) return undefined;
  const [valueA, valueB] = valuesOf(topic, a, b);
  const field = firstDifference(valueA, valueB);
  const isPicture = topic.schema?.name === "playhead.Picture";
  return {
    byteOffset,
    aBytes: a.length,
    bBytes: b.length,
    field,
    picture: isPicture ? { a: tagOf(valueA), b: tagOf(valueB) } : undefined,
    text:
      typeof field?.a === "string" && typeof field.b === "string" ? placeInText(field.a, field.b) : undefined,
  };
}

/** Undefined where the bytes are the same. */
function firstDifferentByte(a: Uint8Array, b: Uint8Array): number | undefined {
  if (Buffer.compare(a, b) === 0) return undefined;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return shorter;
}

function valuesOf(topic: RecordedTopic, ...payloads: Uint8Array[]): unknown[] {
  const read = messageValues(topic);
  if (read === undefined) return [];
  try {
    return payloads.map(read);
  } catch {
    return [];
  }
}

function tagOf(picture: unknown): string {
  return String((picture as { tag?: unknown } | undefined)?.tag);
}
