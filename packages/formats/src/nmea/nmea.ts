import { FileBytes } from "../file-bytes.ts";
import type { Candidate, SourceFormat } from "../format.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { DAY_NS } from "../text/decimal-time.ts";
import { type Emit, LineError, type TextDialect } from "../text/dialect.ts";
import { readLineBlocks } from "../text/line-blocks.ts";
import { isComment, shareOf, startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import type { Epoch } from "./epoch.ts";
import { emitEpoch } from "./epoch-messages.ts";
import {
  nothingPassedOver,
  type PassedOver,
  passOverLine,
  passOverSentence,
  reportPassedOver,
} from "./passed-over.ts";
import { readSentence, type Sentence } from "./sentence.ts";
import { SENTENCE_TYPES } from "./take-sentence.ts";

/** Logs of GNSS receivers: NMEA 0183 with any talker, and u-blox's own sentences. */
export const nmea: SourceFormat = {
  name: "an NMEA 0183 log",
  // No other format has such lines, and loggers write theirs between them.
  recognises: (candidate) => shareOf(startLines(candidate), isSentence, isBeside) >= LEAST_SHARE,
  nearly: amongOthers,
  open: openNmea,
};

const LEAST_SHARE = 0.25;

function isSentence(line: string): boolean {
  return /^[^$]{0,64}\$(P[A-Z]{3}|[A-Z]{5})[A-Z0-9]*,[^$]*$/.test(line);
}

function isBeside(line: string): boolean {
  return isComment(line) || line.startsWith("!");
}

/** A file with sentences that begins with other lines, or is mostly of other bytes. */
function amongOthers({ start }: Candidate): string | undefined {
  const text = Buffer.from(start).toString("latin1");
  const place = firstSentence(text);
  if (place === undefined) return undefined;
  const line = text.slice(0, place).split("\n").length;
  const beginning = JSON.stringify(text.slice(0, 16));
  return `a file with NMEA sentences (the first in line ${line}) among more that is none; it begins with ${beginning}`;
}

/** Where the first line begins that has a sentence with a right checksum. */
function firstSentence(text: string): number | undefined {
  for (const { 0: found, index } of text.matchAll(/^\$[A-Z]{5,8},[ -#%-~]{0,100}\*[0-9A-F]{2}/gm)) {
    try {
      if (readSentence(found) !== undefined) return index;
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
    }
  }
  return undefined;
}

async function openNmea(path: string, { signal }: { readonly signal?: AbortSignal }): Promise<MessageSource> {
  const problems = new ProblemList();
  const first = await firstDay(path, signal);
  if (first === undefined)
    problems.add(
      "no-date",
      `${path}: expected a date (RMC, ZDA), found none; its days count from 1970-01-01`,
    );
  return openText(path, dialect(first ?? 0, path, problems), { format: "NMEA 0183 log", problems, signal });
}

/** What the sentences so far leave behind. */
interface State {
  epoch: Epoch;
  /** Of the last epoch that was written. */
  lastTimeOfDayNs: bigint | undefined;
  day: number;
  passed: PassedOver;
}

function stateAt(day: number): State {
  return { epoch: {}, lastTimeOfDayNs: undefined, day, passed: nothingPassedOver() };
}

function dialect(firstDay: number, path: string, problems: ProblemList): TextDialect<State> {
  return {
    begin: () => stateAt(firstDay),
    readLine(line, state, emit) {
      const sentence = readSentence(line);
      if (sentence === undefined) passOverLine(state.passed, line);
      else takeSentence(sentence, state, emit);
    },
    end(state, emit) {
      reportPassedOver(state.passed, path, problems);
      finishEpoch(state, emit);
    },
  };
}

/** Sentences with a time begin an epoch where it is another; those without belong to the one at hand. */
function takeSentence({ talker, type, fields }: Sentence, state: State, emit: Emit): void {
  // u-blox's own differ by their first field.
  const name = type === "UBX" ? `UBX,${fields[0]}` : type;
  const known = SENTENCE_TYPES.get(name);
  if (known === undefined) {
    passOverSentence(state.passed, talker === "P" ? `P${name.slice(0, 15)}` : name.slice(0, 16));
    return;
  }
  const timeOfDayNs = known.time?.(fields);
  if (timeOfDayNs !== undefined && timeOfDayNs !== state.epoch.timeOfDayNs) {
    if (state.epoch.timeOfDayNs !== undefined) finishEpoch(state, emit);
    state.epoch.timeOfDayNs = timeOfDayNs;
  }
  known.take(fields, state.epoch, talker);
}

const HALF_DAY_NS = DAY_NS / 2n;

function finishEpoch(state: State, emit: Emit): void {
  const { epoch, lastTimeOfDayNs } = state;
  state.epoch = {};
  const { timeOfDayNs } = epoch;
  if (timeOfDayNs === undefined) {
    if (epoch.latitude !== undefined) throw new LineError("a time with the position", "none before the end");
    return;
  }
  state.day = epoch.day ?? state.day + daysPassed(lastTimeOfDayNs, timeOfDayNs);
  state.lastTimeOfDayNs = timeOfDayNs;
  emitEpoch(epoch, BigInt(state.day) * DAY_NS + timeOfDayNs, emit);
}

/** A clock that goes back by hours has passed midnight. */
function daysPassed(lastTimeOfDayNs: bigint | undefined, timeOfDayNs: bigint | undefined): number {
  if (lastTimeOfDayNs === undefined || timeOfDayNs === undefined) return 0;
  return lastTimeOfDayNs - timeOfDayNs > HALF_DAY_NS ? 1 : 0;
}

/** The day of a log's first sentence, told by the first date in it; undefined where there is none. */
async function firstDay(path: string, signal: AbortSignal | undefined): Promise<number | undefined> {
  const file = await FileBytes.open(path);
  try {
    const state = stateAt(0);
    for await (const { lines } of readLineBlocks(file, { encoding: "latin1" })) {
      signal?.throwIfAborted();
      const found = lines.some((line) => line !== undefined && hasDate(line, state));
      const { epoch, day, lastTimeOfDayNs } = state;
      if (found) return (epoch.day ?? 0) - day - daysPassed(lastTimeOfDayNs, epoch.timeOfDayNs);
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function hasDate(line: string, state: State): boolean {
  try {
    const sentence = readSentence(line);
    if (sentence !== undefined) takeSentence(sentence, state, () => undefined);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
  }
  return state.epoch.day !== undefined;
}
