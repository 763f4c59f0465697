import { advertise, publish } from "playhead:sim/bus@0.1.0";
import { arrivedPacked } from "playhead:sim/sensors@0.1.0";
import type { Timestamp } from "playhead:sim/types@0.1.0";

let topic = 0;
let readings = 0;
let bytes = 0;

/** Counts what arrives, and publishes how much it was with the time and a random number as the language gives them. */
export const component = {
  init(settings: [string, string][]): void {
    topic = advertise("/sum");
    console.log(`ts starts with ${settings.length} settings`);
  },

  step(now: Timestamp): void {
    const arrived = arrivedPacked(new Uint32Array());
    readings += arrived.count;
    bytes += arrived.payloads.length;
    const random = [Math.random(), crypto.getRandomValues(new Uint32Array(1))[0]];
    const message = { now: Number(now), readings, bytes, clockMs: Date.now(), random };
    publish(topic, new TextEncoder().encode(JSON.stringify(message)));
  },
};
