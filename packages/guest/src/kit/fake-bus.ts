/** Topics of which a test sees and makes the messages, answered as `playhead:sim/bus` does. */

import { ComponentError } from "@playhead/component-model";

export interface PublishedMessage {
  readonly topic: string;
  readonly timeUs: number;
  readonly payload: Uint8Array;
}

interface Message {
  readonly topic: number;
  readonly timestamp: bigint;
  readonly sequence: bigint;
  readonly publisher: string;
  readonly payload: Uint8Array;
}

interface Subscription {
  readonly topic: number;
  readonly depth: number;
  queue: Message[];
  received: number;
  dropped: number;
  last: bigint | undefined;
}

const DEFAULT_DEPTH = 64;

export class FakeBus {
  /** What the guest published, in order. */
  readonly published: PublishedMessage[] = [];
  nowUs = 0;
  readonly #declared: readonly string[];
  readonly #topics: string[] = [];
  readonly #counts = new Map<number, bigint>();
  readonly #subscriptions = new Set<Subscription>();

  /** @param declared the topics that the guest may publish on */
  constructor(declared: readonly string[]) {
    this.#declared = declared;
  }

  /** Puts a message of another unit on a topic. */
  deliver(topic: string, payload: Uint8Array, publisher = "test"): void {
    const handle = this.#handle(topic);
    const sequence = this.#counts.get(handle) ?? 0n;
    this.#counts.set(handle, sequence + 1n);
    const message = { topic: handle, timestamp: BigInt(this.nowUs), sequence, publisher, payload };
    for (const each of this.#subscriptions) if (each.topic === handle) receive(each, message);
  }

  /** How many subscribers there are that were not dropped. */
  get subscriberCount(): number {
    return this.#subscriptions.size;
  }

  /** What a guest imports as `playhead:sim/bus`. */
  imports(): Record<string, unknown> {
    return {
      Subscriber,
      advertise: (name: string) => {
        if (!this.#declared.includes(name)) throw new ComponentError({ tag: "not-declared", val: name });
        return this.#handle(name);
      },
      publish: (handle: number, payload: Uint8Array) => this.#publish(handle, payload),
      subscribe: (name: string, depth: number) => {
        const subscription: Subscription = {
          topic: this.#handle(name),
          depth: depth === 0 ? DEFAULT_DEPTH : depth,
          queue: [],
          received: 0,
          dropped: 0,
          last: undefined,
        };
        this.#subscriptions.add(subscription);
        return new Subscriber(subscription, () => this.#subscriptions.delete(subscription));
      },
    };
  }

  #publish(handle: number, payload: Uint8Array): void {
    const topic = this.#topics[handle];
    if (topic === undefined) throw new ComponentError({ tag: "unknown-topic", val: handle });
    if (!this.#declared.includes(topic)) throw new ComponentError({ tag: "not-declared", val: topic });
    this.published.push({ topic, timeUs: this.nowUs, payload: payload.slice() });
    this.deliver(topic, payload.slice(), "guest");
  }

  #handle(name: string): number {
    const known = this.#topics.indexOf(name);
    return known >= 0 ? known : this.#topics.push(name) - 1;
  }
}

function receive(subscription: Subscription, message: Message): void {
  subscription.received++;
  subscription.last = message.timestamp;
  subscription.queue.push(message);
  if (subscription.queue.length > subscription.depth) {
    subscription.queue.shift();
    subscription.dropped++;
  }
}

/** The resource `subscriber`. */
class Subscriber {
  readonly #subscription: Subscription;
  readonly #drop: () => void;

  constructor(subscription: Subscription, drop: () => void) {
    this.#subscription = subscription;
    this.#drop = drop;
  }

  read(): Message | undefined {
    return this.#subscription.queue.shift();
  }

  /** No other unit runs in a test, so there is nothing to wait for. */
  blockingRead(): Message {
    const message = this.read();
    if (message === undefined) throw new ComponentError("would-block");
    return message;
  }

  drain(): Message[] {
    const waiting = this.#subscription.queue;
    this.#subscription.queue = [];
    return waiting;
  }

  status(): object {
    const { queue, depth, received, dropped, last } = this.#subscription;
    return { queued: queue.length, depth, received: BigInt(received), dropped: BigInt(dropped), last };
  }

  [Symbol.dispose](): void {
    this.#drop();
  }
}
