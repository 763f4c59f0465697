import {
  type Message,
  Subscription,
  type SubscriptionState,
  type SubscriptionStatus,
  type SubscriptionTerms,
} from "./subscription.ts";

/** Messages over which the rate of a topic is taken. */
const RATE_MESSAGES = 16;

interface Topic {
  readonly handle: number;
  readonly name: string;
  readonly subscriptions: Set<Subscription>;
  published: number;
  /** Times of the last messages, µs. */
  recentUs: number[];
  /** The last message, where it is kept for those who come later. */
  latched: Message | undefined;
}

/** Everything that a bus holds. */
export interface BusState {
  readonly topics: readonly (Pick<Topic, "name" | "published" | "latched"> & {
    readonly recentUs: readonly number[];
  })[];
  /** In the order of subscribing. */
  readonly subscriptions: readonly SubscriptionState[];
  readonly nextId: number;
}

/** A topic in figures. */
export interface TopicStatus {
  readonly name: string;
  /** Messages so far. */
  readonly published: number;
  /** Of the last messages, per second of virtual time; 0 where there are fewer than two. */
  readonly rateHz: number;
  /** When the last message came, virtual µs. */
  readonly lastUs: number | undefined;
  readonly subscribers: readonly SubscriptionStatus[];
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
      const handle = this.#topics.length;
      topic = { handle, name, subscriptions: new Set(), published: 0, recentUs: [], latched: undefined };
      this.#topics.push(topic);
      this.#byName.set(name, topic);
    }
    return topic.handle;
  }

  nameOf(topic: number): string | undefined {
    return this.#topics[topic]?.name;
  }

  /** Where the last message of the topic is kept for those who come later, it waits in the queue at once. */
  subscribe(name: string, terms: SubscriptionTerms): Subscription {
    const handle = this.topic(name);
    const subscription = new Subscription(this.#nextId++, handle, terms);
    this.#add(subscription);
    const latched = this.#topics[handle]?.latched;
    if (latched !== undefined) subscription.deliver(latched, name);
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

  /** Takes from a unit all that it subscribed to: it runs no more. */
  unsubscribeAll(owner: string): void {
    for (const subscription of [...this.#subscriptions.values()])
      if (subscription.terms.owner === owner) this.unsubscribe(subscription);
  }

  /** Gives a unit the subscriptions that it had, with what waited in them, instead of those that it has. */
  resubscribe(owner: string, { topics, subscriptions }: BusState): void {
    this.unsubscribeAll(owner);
    for (const saved of subscriptions) {
      if (saved.owner !== owner) continue;
      const topic = this.topic(topics[saved.topic]?.name ?? "");
      this.#add(Subscription.restored({ ...saved, topic }));
    }
  }

  save(): BusState {
    return {
      topics: this.#topics.map(({ name, published, recentUs, latched }) => {
        return { name, published, recentUs: [...recentUs], latched };
      }),
      subscriptions: [...this.#subscriptions.values()].map((subscription) => subscription.save()),
      nextId: this.#nextId,
    };
  }

  /** Becomes what was saved. Subscriptions are new objects: look them up by their id. */
  restore(state: BusState): void {
    this.#topics.length = 0;
    this.#byName.clear();
    this.#subscriptions.clear();
    for (const { name, published, recentUs, latched } of state.topics) {
      const topic = this.#topics[this.topic(name)];
      if (topic !== undefined) Object.assign(topic, { published, recentUs: [...recentUs], latched });
    }
    for (const saved of state.subscriptions) this.#add(Subscription.restored(saved));
    this.#nextId = state.nextId;
  }

  /**
   * @param latches whether the message is kept for those who subscribe later
   * @throws QueueOverflow where a subscriber may lose nothing and takes no more
   */
  publish(topic: number, timeUs: number, publisher: string, payload: Uint8Array, latches = false): void {
    const found = this.#topics[topic];
    if (found === undefined) throw new Error(`Invariant: topic ${topic} exists`);
    const message: Message = { topic, timeUs, sequence: found.published++, publisher, payload };
    found.recentUs.push(timeUs);
    if (found.recentUs.length > RATE_MESSAGES) found.recentUs.shift();
    if (latches) found.latched = message;
    for (const subscription of found.subscriptions) subscription.deliver(message, found.name);
  }

  /** Messages published so far, by name, in the order of the topics' first mention. */
  counts(): Map<string, number> {
    return new Map(this.#topics.map((topic) => [topic.name, topic.published]));
  }

  /** All topics, in the order of their first mention. */
  status(): TopicStatus[] {
    return this.#topics.map(({ name, published, recentUs, subscriptions }) => ({
      name,
      published,
      rateHz: rateOf(recentUs),
      lastUs: recentUs.at(-1),
      subscribers: [...subscriptions].map((subscription) => subscription.status()),
    }));
  }
}

function rateOf(timesUs: readonly number[]): number {
  const spanUs = (timesUs.at(-1) ?? 0) - (timesUs[0] ?? 0);
  return spanUs === 0 ? 0 : ((timesUs.length - 1) * 1e6) / spanUs;
}
