/** A message on the bus. */
export interface Message {
  readonly topic: number;
  readonly timeUs: number;
  /** On its topic, from 0. */
  readonly sequence: number;
  readonly publisher: string;
  readonly payload: Uint8Array;
}

/** What becomes of a message that finds a queue full: an older one goes, it is not taken, or the subscriber fails. */
export type QueuePolicy = "drop-oldest" | "drop-newest" | "error";

/** More bytes than this do not wait in one queue, beside a single message. */
const LARGEST_QUEUE_BYTES = 64 * 1024 * 1024;

/** What a subscription is. */
export interface SubscriptionTerms {
  /** Name of the unit that subscribed; empty where no unit did. */
  readonly owner: string;
  /** How many messages may wait. */
  readonly depth: number;
  readonly policy: QueuePolicy;
}

/** How a subscription stands; messages are shared, never changed. */
export interface SubscriptionState extends SubscriptionTerms {
  readonly id: number;
  readonly topic: number;
  readonly queue: readonly Message[];
  readonly received: number;
  readonly dropped: number;
  readonly lastUs: number | undefined;
}

/** A subscription in figures. */
export interface SubscriptionStatus extends SubscriptionTerms {
  /** Messages that wait. */
  readonly queued: number;
  readonly received: number;
  readonly dropped: number;
  /** When the last message came, virtual µs. */
  readonly lastUs: number | undefined;
}

/** A message came for a queue that was full and must not lose any. The subscriber is to blame. */
export class QueueOverflow extends Error {
  override readonly name = "QueueOverflow";
  readonly owner: string;

  constructor(owner: string, topic: string, depth: number) {
    super(`the queue of ${topic} is full with ${depth} messages, and may lose none (policy error)`);
    this.owner = owner;
  }
}

/** A queue of the messages of one topic, bounded by number and by bytes. */
export class Subscription {
  /** Unique on its bus: what a saved component refers to it by. */
  readonly id: number;
  readonly topic: number;
  readonly terms: SubscriptionTerms;
  readonly #queue: Message[] = [];
  #received = 0;
  #dropped = 0;
  #lastUs: number | undefined;

  /** Bytes of the messages that wait. */
  #bytes = 0;

  constructor(id: number, topic: number, terms: SubscriptionTerms) {
    this.id = id;
    this.topic = topic;
    this.terms = terms;
  }

  static restored({ id, topic, owner, depth, policy, queue, ...rest }: SubscriptionState): Subscription {
    const subscription = new Subscription(id, topic, { owner, depth, policy });
    subscription.#queue.push(...queue);
    subscription.#bytes = queue.reduce((sum, { payload }) => sum + payload.length, 0);
    subscription.#received = rest.received;
    subscription.#dropped = rest.dropped;
    subscription.#lastUs = rest.lastUs;
    return subscription;
  }

  save(): SubscriptionState {
    const { id, topic, terms } = this;
    const [received, dropped, lastUs] = [this.#received, this.#dropped, this.#lastUs];
    return { id, topic, ...terms, queue: [...this.#queue], received, dropped, lastUs };
  }

  /** @throws QueueOverflow where the queue is full and may lose nothing */
  deliver(message: Message, topic: string): void {
    const { owner, depth, policy } = this.terms;
    this.#received++;
    this.#lastUs = message.timeUs;
    if (policy !== "drop-oldest" && this.#isFullFor(message)) {
      if (policy === "error") throw new QueueOverflow(owner, topic, depth);
      this.#dropped++;
      return;
    }
    while (this.#isFullFor(message)) {
      this.read();
      this.#dropped++;
    }
    this.#queue.push(message);
    this.#bytes += message.payload.length;
  }

  #isFullFor({ payload }: Message): boolean {
    if (this.#queue.length === 0) return false;
    return this.#queue.length >= this.terms.depth || this.#bytes + payload.length > LARGEST_QUEUE_BYTES;
  }

  read(): Message | undefined {
    const message = this.#queue.shift();
    this.#bytes -= message?.payload.length ?? 0;
    return message;
  }

  drain(): Message[] {
    this.#bytes = 0;
    return this.#queue.splice(0);
  }

  status(): SubscriptionStatus {
    const [received, dropped, lastUs] = [this.#received, this.#dropped, this.#lastUs];
    return { ...this.terms, queued: this.#queue.length, received, dropped, lastUs };
  }
}
