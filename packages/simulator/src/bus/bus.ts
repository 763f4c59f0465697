/** A message on the bus. */
export interface Message {
  readonly topic: number;
  readonly timeUs: number;
  /** On its topic, from 0. */
  readonly sequence: number;
  readonly publisher: string;
  readonly payload: Uint8Array;
}

/** Messages that wait longer than this many bytes go, the oldest first. */
const LARGEST_QUEUE_BYTES = 64 * 1024 * 1024;

/** How a subscription stands; messages are shared, never changed. */
export interface SubscriptionState {
  readonly id: number;
  readonly topic: number;
  readonly depth: number;
  readonly owner: string;
  readonly queue: readonly Message[];
  readonly received: number;
  readonly dropped: number;
  readonly lastUs: number | undefined;
}

/** A queue of the messages of one topic; when it is full, by number or by bytes, the oldest goes. */
export class Subscription {
  /** Unique on its bus: what a saved component refers to it by. */
  readonly id: number;
  readonly topic: number;
  readonly depth: number;
  /** Name of the unit that subscribed; empty where it was none. */
  readonly owner: string;
  readonly #queue: Message[] = [];
  #received = 0;
  #dropped = 0;
  #lastUs: number | undefined;

  /** Bytes of the messages that wait. */
  #bytes = 0;

  constructor(id: number, topic: number, depth: number, owner: string) {
    this.owner = owner;
    this.id = id;
    this.topic = topic;
    this.depth = depth;
  }

  static restored(state: SubscriptionState): Subscription {
    const subscription = new Subscription(state.id, state.topic, state.depth, state.owner);
    subscription.#queue.push(...state.queue);
    subscription.#bytes = state.queue.reduce((sum, { payload }) => sum + payload.length, 0);
    subscription.#received = state.received;
    subscription.#dropped = state.dropped;
    subscription.#lastUs = state.lastUs;
    return subscription;
  }

  save(): SubscriptionState {
    const { id, topic, depth, owner } = this;
    return {
      id,
      topic,
      depth,
      owner,
      queue: [...this.#queue],
      received: this.#received,
      dropped: this.#dropped,
      lastUs: this.#lastUs,
    };
  }

  deliver(message: Message): void {
    this.#received++;
    this.#lastUs = message.timeUs;
    this.#queue.push(message);
    this.#bytes += message.payload.length;
    while (this.#queue.length > this.depth || (this.#bytes > LARGEST_QUEUE_BYTES && this.#queue.length > 1)) {
      this.read();
      this.#dropped++;
    }
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

/** Everything that a bus holds. */
export interface BusState {
  readonly topics: readonly { readonly name: string; readonly published: number }[];
  /** In the order of subscribing. */
  readonly subscriptions: readonly SubscriptionState[];
  readonly nextId: number;
}

/** Topics by name and number; the order of delivery is the order of publishing, then of subscribing. */
export class Bus {
  readonly #topics: Topic[] = [];
  readonly #byName = new Map<string, Topic>();
  readonly #subscriptions = new Map<number, Subscription>();
  #nextId = 0;

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

  /** @param owner name of the unit that subscribes */
  subscribe(name: string, depth: number, owner = ""): Subscription {
    const handle = this.topic(name);
    const subscription = new Subscription(this.#nextId++, handle, depth, owner);
    this.#add(subscription);
    return subscription;
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  /** The subscription with this id, which must exist. */
  subscription(id: number): Subscription {
    const found = this.#subscriptions.get(id);
    if (found === undefined) throw new Error(`Invariant: subscription ${id} exists`);
    return found;
  }

  #add(subscription: Subscription): void {
    this.#topics[subscription.topic]?.subscriptions.add(subscription);
    this.#subscriptions.set(subscription.id, subscription);
  }

  unsubscribe(subscription: Subscription): void {
    this.#topics[subscription.topic]?.subscriptions.delete(subscription);
    this.#subscriptions.delete(subscription.id);
  }

  /** Gives a unit the subscriptions that it had, with what waited in them, instead of those that it has. */
  resubscribe(owner: string, { topics, subscriptions }: BusState): void {
    for (const subscription of [...this.#subscriptions.values()])
      if (subscription.owner === owner) this.unsubscribe(subscription);
    for (const saved of subscriptions) {
      if (saved.owner !== owner) continue;
      const topic = this.topic(topics[saved.topic]?.name ?? "");
      this.#add(Subscription.restored({ ...saved, topic }));
    }
  }

  save(): BusState {
    return {
      topics: this.#topics.map(({ name, published }) => ({ name, published })),
      subscriptions: [...this.#subscriptions.values()].map((subscription) => subscription.save()),
      nextId: this.#nextId,
    };
  }

  /** Becomes what was saved. Subscriptions are new objects: look them up by their id. */
  restore(state: BusState): void {
    this.#topics.length = 0;
    this.#byName.clear();
    this.#subscriptions.clear();
    for (const { name, published } of state.topics) {
      const topic = this.#topics[this.topic(name)];
      if (topic !== undefined) topic.published = published;
    }
    for (const saved of state.subscriptions) this.#add(Subscription.restored(saved));
    this.#nextId = state.nextId;
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
