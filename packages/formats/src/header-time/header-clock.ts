/** A message on its way to its new time. */
export interface Timed<Message> {
  readonly message: Message;
  readonly timeNs: bigint;
  /** Its place in the order that messages came in, from 0. */
  readonly place: number;
}

export interface HeaderClockOptions<Message> {
  /** By how far the first stamps lie from the log times, ns: stamp − log. */
  readonly offsetNs: bigint;
  /** Stamps that depart from those before by more are not believed; what has none waits for the next stamp as long, ns. */
  readonly windowNs: bigint;
  /** The most messages that wait, and the most bytes. */
  readonly mostWaiting: number;
  readonly mostBytes: number;
  readonly sizeOf: (message: Message) => number;
}

interface Instant {
  readonly logNs: bigint;
  readonly headerNs: bigint;
}

interface Waiting<Message> {
  readonly message: Message;
  readonly logNs: bigint;
  readonly place: number;
}

/** So many stamps in a row that agree with each other are believed though they depart from those before: a clock has been set. */
const CLOCK_IS_SET = 100;

/**
 * Gives messages the time of their stamp, taking them in order of log time.
 *
 * What has no stamp keeps its place between its neighbours: the greatest stamp so far is the time of the header clock, and a message between two moments at
 * which that clock moved on lies between the two times as its log time lies between the two log times. It starts as far from the log times as the first stamps lie; where none
 * comes for longer than the window, it runs on with the log times. So an unstamped message never comes before one that was logged before it and has
 * none either.
 */
export class HeaderClock<Message> {
  readonly #options: HeaderClockOptions<Message>;
  #offsetNs: bigint;
  #reached: Instant | undefined;
  #waiting: Waiting<Message>[] = [];
  #waitingBytes = 0;
  #place = 0;
  #departedNs = 0n;
  #departed = 0;

  constructor(options: HeaderClockOptions<Message>) {
    this.#options = options;
    this.#offsetNs = options.offsetNs;
  }

  /** Adds to `settled` the messages whose time is known now. Returns whether a stamp was believed. */
  push(message: Message, logNs: bigint, stampNs: bigint | undefined, settled: Timed<Message>[]): boolean {
    const place = this.#place++;
    this.#reached ??= { logNs, headerNs: notNegative(logNs + this.#offsetNs) };
    if (stampNs === undefined || !this.#believes(stampNs - logNs)) {
      this.#waiting.push({ message, logNs, place });
      this.#waitingBytes += this.#options.sizeOf(message);
      if (this.#isTooMuch(logNs)) this.finish(settled);
      return false;
    }
    const next = { logNs, headerNs: stampNs };
    if (this.#departed >= CLOCK_IS_SET) {
      this.finish(settled);
      this.#reached = next;
    } else if (stampNs > this.#reached.headerNs) {
      this.#settle(settled, between(this.#reached, next));
      this.#reached = next;
    }
    this.#departed = 0;
    settled.push({ message, timeNs: stampNs, place });
    return true;
  }

  /** Settles those that wait though no stamp has come. */
  finish(settled: Timed<Message>[]): void {
    const last = this.#waiting.at(-1);
    const from = this.#reached;
    if (last === undefined || from === undefined) return;
    const timeAt = (logNs: bigint): bigint => from.headerNs + (logNs - from.logNs);
    this.#settle(settled, timeAt);
    this.#reached = { logNs: last.logNs, headerNs: timeAt(last.logNs) };
  }

  #settle(settled: Timed<Message>[], timeAt: (logNs: bigint) => bigint): void {
    for (const { message, logNs, place } of this.#waiting)
      settled.push({ message, timeNs: timeAt(logNs), place });
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #isTooMuch(nowNs: bigint): boolean {
    const { windowNs, mostWaiting, mostBytes } = this.#options;
    const [first] = this.#waiting;
    if (first === undefined) return false;
    const isOver = nowNs - first.logNs > windowNs;
    return isOver || this.#waiting.length >= mostWaiting || this.#waitingBytes > mostBytes;
  }

  #believes(offsetNs: bigint): boolean {
    if (this.#agree(offsetNs, this.#offsetNs)) {
      this.#departed = 0;
      this.#offsetNs = offsetNs;
      return true;
    }
    this.#departed = this.#departed > 0 && this.#agree(offsetNs, this.#departedNs) ? this.#departed + 1 : 1;
    this.#departedNs = offsetNs;
    if (this.#departed < CLOCK_IS_SET) return false;
    this.#offsetNs = offsetNs;
    return true;
  }

  #agree(a: bigint, b: bigint): boolean {
    const apart = a - b;
    return apart <= this.#options.windowNs && -apart <= this.#options.windowNs;
  }
}

/** What lies between two moments in log time lies likewise in header time. */
function between(from: Instant, to: Instant): (logNs: bigint) => bigint {
  const logSpan = to.logNs - from.logNs;
  const headerSpan = to.headerNs - from.headerNs;
  if (logSpan === 0n) return () => from.headerNs;
  return (logNs) => from.headerNs + ((logNs - from.logNs) * headerSpan) / logSpan;
}

function notNegative(timeNs: bigint): bigint {
  return timeNs < 0n ? 0n : timeNs;
}
