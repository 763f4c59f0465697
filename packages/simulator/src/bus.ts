/** A message on the bus. */
export interface Message {
  readonly topic: number;
  readonly timeUs: number;
  /** On its topic, from 0. */
  readonly sequence: number;
  readonly publisher: string;
  readonly payload: Uint8Array;
}

/** A queue of the messages of one topic; when it is full, the oldest goes. */
export class Subscription {
  readonly topic: number;
  readonly depth: number;
  readonly #queue: Message[] = [];
  #received = 0;
  #dropped = 0;
  #lastUs: number | undefined;

  constructor(topic: number, depth: number) {
    this.topic = topic;
    this.depth = depth;
  }

  deliver(message: Message): void {
    this.#received++;
    this.#lastUs = message.timeUs;
    if (this.#queue.length === this.depth) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#queue.push(message);
  }

  read(): Message | undefined {
    return this.#queue.shift();
  }

  drain(): Message[] {
    return this.#queue.splice(0);
  }

  status(): { queued: number; depth: number; received: number; dropped: number; lastUs: number | undefined } {
    return {
      queued: this.#queue.length,
      depth: this.depth,
      received: this.#received,
      dropped: this.#dropped,
      lastUs: this.#lastUs,
    };
  }
}

interface Topic {
  readonly handle: number;
  readonly name: string;
  readonly subscriptions: Set<Subscription>;
  published: number;
}

/** Topics by name and number; the order of delivery is the order of publishing, then of subscribing. */
export class Bus {
  readonly #topics: Topic[] = [];
  readonly #byName = new Map<string, Topic>();

  /** The topic's number; made where it does not exist yet. */
  topic(name: string): number {
    let topic = this.#byName.get(name);
    if (topic === undefined) {
      topic = { handle: this.#topics.length, name, subscriptions: new Set(), published: 0 };
      this.#topics.push(topic);
      this.#byName.set(name, topic);
    }
    return topic.handle;
  }

  nameOf(topic: number): string | undefined {
    return this.#topics[topic]?.name;
  }

  subscribe(name: string, depth: number): Subscription {
    const handle = this.topic(name);
    const subscription = new Subscription(handle, depth);
    this.#topics[handle]?.subscriptions.add(subscription);
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    this.#topics[subscription.topic]?.subscriptions.delete(subscription);
  }

  publish(topic: number, timeUs: number, publisher: string, payload: Uint8Array): void {
    const found = this.#topics[topic];
    if (found === undefined) throw new Error(`Invariant: topic ${topic} exists`);
    const message: Message = { topic, timeUs, sequence: found.published++, publisher, payload };
    for (const subscription of found.subscriptions) subscription.deliver(message);
  }

  /** Messages published so far, by name, in the order of the topics' first mention. */
  counts(): Map<string, number> {
    return new Map(this.#topics.map((topic) => [topic.name, topic.published]));
  }
}
