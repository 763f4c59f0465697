import { ComponentError, withState } from "@playhead/component-model";
import type { ServiceHost } from "../engine/host-services.ts";
import type { Bus } from "./bus.ts";
import type { Message } from "./subscription.ts";

/** What a component holds a handle to: a subscription, by its id, so that it stays right when the run goes back. */
export interface Subscriber {
  readonly id: number;
}

/** The class behind the resource `playhead:sim/bus.subscriber`, for one run. */
export function subscriberClass(host: ServiceHost): new (id: number) => Subscriber {
  const bus: Bus = host.bus;
  const subscriber = class implements Subscriber {
    readonly id: number;

    constructor(id: number) {
      this.id = id;
    }

    read(): object | undefined {
      const message = bus.subscription(this.id).read();
      return message === undefined ? undefined : messageRecord(message);
    }

    blockingRead(): object {
      const subscription = bus.subscription(this.id);
      const topic = bus.nameOf(subscription.topic) ?? "";
      for (;;) {
        const message = subscription.read();
        if (message !== undefined) return messageRecord(message);
        if (!host.runPublisherOf(topic)) throw new ComponentError("would-block");
      }
    }

    drain(): object[] {
      return bus.subscription(this.id).drain().map(messageRecord);
    }

    status(): object {
      const status = bus.subscription(this.id).status();
      return {
        queued: status.queued,
        depth: status.depth,
        received: BigInt(status.received),
        dropped: BigInt(status.dropped),
        last: status.lastUs === undefined ? undefined : BigInt(status.lastUs),
      };
    }

    [Symbol.dispose](): void {
      bus.unsubscribe(bus.subscription(this.id));
    }
  };
  withState(subscriber, { save: ({ id }) => id, restore: (id: number) => new subscriber(id) });
  return subscriber;
}

function messageRecord(message: Message): object {
  return {
    topic: message.topic,
    timestamp: BigInt(message.timeUs),
    sequence: BigInt(message.sequence),
    publisher: message.publisher,
    payload: message.payload,
  };
}
