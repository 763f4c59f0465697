import type { EngineState } from "../engine/engine-state.ts";
import { type CheckpointHead, CheckpointIndex, type Place } from "./checkpoint-index.ts";
import type { CheckpointUsage, KeeperLink, KeeperReply, PackedState } from "./messages.ts";
import { StatePacker } from "./state-packer.ts";

export interface CheckpointPlacing {
  /** A checkpoint is laid when replaying from the last one would take this long, wall-clock ms. */
  readonly costMs: number;
  /** And when so much virtual time has passed since, µs; without, only the cost counts. */
  readonly intervalUs?: number | undefined;
}

/** Sent but not taken in yet: beyond it, checkpoints are left out until the keeper has caught up. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

const NOTHING: CheckpointUsage = {
  checkpoints: 0,
  pages: 0,
  ramBytes: 0,
  diskBytes: 0,
  thinned: 0,
  problems: [],
};

/** The states of a run that it can go back to, in the order of their times. They lie with a keeper, which may be in another thread. */
export class Checkpoints {
  readonly #placing: CheckpointPlacing;
  readonly #link: KeeperLink;
  readonly #index = new CheckpointIndex();
  readonly #packer = new StatePacker();
  readonly #waiting = new Map<number, (reply: PackedState | undefined) => void>();
  readonly #opened: Promise<void>;
  #open: () => void = () => {};
  /** States that were added here, and what was new in them, bytes. */
  laid = 0;
  laidBytes = 0;
  /** Bytes of each state that was sent and not taken in yet. */
  readonly #sent: number[] = [];
  #sentBytes = 0;
  #requests = 0;
  /** What running has taken since the last checkpoint that was laid, passed or gone back to, ms; and the events up to there. */
  #costMs = 0;
  #passed = 0;
  #usage = NOTHING;

  private constructor(link: KeeperLink, key: string, placing: CheckpointPlacing) {
    this.#link = link;
    this.#placing = placing;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    link.receive((reply) => this.#receive(reply));
    link.send({ type: "open", key });
  }

  /**
   * Resolves when it is known what checkpoints there are.
   * @param key names the run: see `vaultKey`
   */
  static async open(link: KeeperLink, key: string, placing: CheckpointPlacing): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(link, key, placing);
    await checkpoints.#opened;
    return checkpoints;
  }

  get heads(): readonly CheckpointHead[] {
    return this.#index.heads;
  }

  /** How many of them were asked for. */
  get pinned(): number {
    return this.#index.heads.filter(({ pinned }) => pinned).length;
  }

  /** As the keeper said last. */
  get usage(): CheckpointUsage {
    return this.#usage;
  }

  /** The longest time that replaying from one checkpoint to the next takes, ms. */
  get boundMs(): number {
    return Math.max(this.#placing.costMs, this.#index.longestMs);
  }

  /** The last checkpoint at or before the time. */
  at(timeUs: number): CheckpointHead | undefined {
    return this.#index.atTime(timeUs);
  }

  /** The last checkpoint before an event of the run. */
  before(event: number): CheckpointHead | undefined {
    return this.#index.atEvents(event - 1);
  }

  /** Lets go of the checkpoints from an event on. */
  dropFrom(event: number): void {
    const heads = this.#index.heads.filter(({ events }) => events >= event);
    for (const head of heads) this.#index.remove(head);
    if (heads.length > 0) this.#link.send({ type: "remove", heads });
  }

  /** The last checkpoint at which the run had had no more events. */
  atEvents(events: number): CheckpointHead | undefined {
    return this.#index.atEvents(events);
  }

  /** Running has taken so long, wall-clock ms. */
  spend(ms: number): void {
    this.#costMs += ms;
  }

  /** The run stands somewhere else: at its start, or where it was saved. */
  moved(events = 0): void {
    this.#costMs = 0;
    this.#passed = events;
  }

  /** Whether a run that stands here ought to be saved. */
  isDue({ nowUs, events }: Place): boolean {
    const last = this.#index.atEvents(events);
    if (last === undefined) return true;
    if (last.events > this.#passed) this.moved(last.events);
    if (last.events === events || this.#sentBytes > MOST_WAITING_BYTES) return false;
    return this.#costMs >= this.#placing.costMs || this.isIntervalOver(nowUs);
  }

  /** Whether the interval between checkpoints is over, where one is set. */
  isIntervalOver(nowUs: number): boolean {
    const { intervalUs } = this.#placing;
    if (intervalUs === undefined) return false;
    return nowUs - (this.#index.atTime(nowUs)?.nowUs ?? Number.NEGATIVE_INFINITY) >= intervalUs;
  }

  /** Sends a state away to be kept. Where there is one of this place already, nothing changes. */
  add(state: EngineState): void {
    const { nowUs, events, outputCount: outputs } = state;
    const head = { nowUs, events, outputs, costMs: this.#costMs };
    this.moved(state.events);
    if (!this.#index.add(head)) return;
    const packed = this.#packer.pack(state);
    const bytes = packed.pages.length + packed.body.length;
    this.laid++;
    this.laidBytes += bytes;
    this.#sent.push(bytes);
    this.#sentBytes += bytes;
    this.#link.send({ type: "add", head, state: packed });
  }

  /**
   * Has the state of a place kept longer than others.
   *
   * @param add adds it, where it is not kept yet
   */
  async pin(place: Place, add: () => void): Promise<void> {
    // The keeper may have let go of it just now.
    if (this.#index.has(place)) await this.settled();
    if (!this.#index.has(place)) add();
    if (this.#index.pin(place) !== undefined) this.#link.send({ type: "pin", place });
  }

  /** Undefined where it is not there any more, or cannot be read; then it is none of `heads` either. */
  async load(head: CheckpointHead): Promise<EngineState | undefined> {
    const packed = await this.#ask((request) => this.#link.send({ type: "load", request, head }));
    if (packed !== undefined) {
      this.moved(head.events);
      return this.#packer.unpack(packed);
    }
    this.#index.remove(head);
    return undefined;
  }

  /** Resolves when all that was added is where it shall stay. */
  async settled(): Promise<void> {
    await this.#ask((request) => this.#link.send({ type: "settle", request }));
  }

  close(): void {
    this.#link.close();
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }

  #ask(send: (request: number) => void): Promise<PackedState | undefined> {
    const request = this.#requests++;
    return new Promise((answer) => {
      this.#waiting.set(request, answer);
      send(request);
    });
  }

  #receive(reply: KeeperReply): void {
    switch (reply.type) {
      case "opened":
        for (const head of reply.heads) this.#index.add(head);
        this.#usage = reply.usage;
        this.#open();
        break;
      case "changed":
        for (const head of reply.removed) this.#index.remove(head);
        if (reply.taken) this.#sentBytes -= this.#sent.shift() ?? 0;
        this.#usage = reply.usage;
        break;
      case "loaded":
        this.#answer(reply.request, reply.state);
        break;
      case "settled":
        this.#answer(reply.request, undefined);
        break;
    }
  }

  #answer(request: number, state: PackedState | undefined): void {
    const answer = this.#waiting.get(request);
    this.#waiting.delete(request);
    answer?.(state);
  }
}
