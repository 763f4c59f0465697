import { advertise, publish } from "playhead:sim/bus@0.1.0";
import { log } from "playhead:sim/diagnostics@0.1.0";
import { arrivedPacked } from "playhead:sim/sensors@0.1.0";

let topic = 0;
let readings = 0;
let bytes = 0;

/** The same unit as ts/unit.mts for QuickJS, which has no console, no TextEncoder and no crypto, and takes 64-bit integers for numbers. */
export const component = {
  init(settings) {
    topic = advertise("/sum");
    log("info", `js starts with ${settings.length} settings`);
  },

  step(now) {
    const arrived = arrivedPacked([]);
    readings += arrived.count;
    bytes += arrived.payloads.length;
    const message = { now: Number(now), readings, bytes, clockMs: Date.now(), random: Math.random() };
    publish(
      topic,
      Uint8Array.from(JSON.stringify(message), (letter) => letter.charCodeAt(0)),
    );
  },
};
