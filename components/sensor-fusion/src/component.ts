/** Sensor fusion: turns single sensors' detections into objects over time. */
import * as bus from "../../generated/sensor-fusion/bus";
import { OkOrString, TupleStringString } from "../../generated/sensor-fusion/component";
import * as detections from "../../generated/sensor-fusion/detections";
import * as diagnostics from "../../generated/sensor-fusion/diagnostics";
import { List, newJsonWriter } from "../../generated/sensor-fusion/runtime";
import { DEFAULT_SPEED_SIGNALS } from "../../lib/can-speed";
import { numberOf } from "../../lib/settings";
import { EgoMotion } from "./ego-motion";
import { EgoSensors } from "./ego-sensors";
import { TrackRows } from "./track-rows";
import { Tracker } from "./tracker";
import { writeTracks } from "./tracks-json";

const TOPIC: string = "/tracks";

export const ego: EgoMotion = new EgoMotion();
export const rows: TrackRows = new TrackRows();
/** The time of the last step; the tracks are predicted to it. */
export let stepUs: i64 = 0;

const tracker = new Tracker();
const egoSensors = new EgoSensors();
let topic: u32 = 0;
let hadSpeed: i32 = -1;

/** `ego-speed.can`: where CAN tells the vehicle's speed. `rear-axle-distance`: from the rear axle to the front bumper, m. */
export function init(configuration: List<TupleStringString>): OkOrString {
  let signals = DEFAULT_SPEED_SIGNALS;
  for (let i = 0; i < configuration.length; i++) {
    const key = configuration[i].f0;
    const value = configuration[i].f1;
    if (key == "ego-speed.can") {
      signals = value;
    } else if (key == "rear-axle-distance") {
      ego.lever = numberOf(value, NaN);
      if (!(ego.lever >= 0 && ego.lever < 20)) return OkOrString.err("rear-axle-distance is 0 … 20 m, found \"" + value + "\"");
    } else {
      return OkOrString.err("unknown setting \"" + key + "\": ego-speed.can and rear-axle-distance are known");
    }
  }
  const problem = egoSensors.canSpeed.configure(signals);
  if (problem.length > 0) return OkOrString.err("ego-speed.can: " + problem);
  egoSensors.connect();
  const advertised = bus.advertise(TOPIC);
  if (!advertised.isOk) return OkOrString.err(TOPIC + " is not declared as a topic of this unit");
  topic = advertised.value;
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  stepUs = now;
  egoSensors.step(now, ego);
  tracker.prepare(ego);
  acceptBatches();
  tracker.finish(now);
  rows.fill(tracker, now, ego);
  const json = newJsonWriter(8192);
  writeTracks(json, now, ego, rows);
  if (!bus.publish(topic, json.bytes).isOk) return OkOrString.err("cannot publish on " + TOPIC);
  report();
  return OkOrString.ok();
}

/** The batches come in the order of their times. */
function acceptBatches(): void {
  const batches = detections.latest();
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i];
    const count = min<i32>(<i32>batch.count, batch.values.length / 16);
    tracker.accept(batch.timestamp, <i32>batch.source, batch.values.ptr, count, ego);
  }
}

function report(): void {
  diagnostics.metric("tracks", <f64>tracker.confirmedEver);
  diagnostics.metric("tracks-now", <f64>rows.count);
  const hasSpeed = isNaN(ego.speed) ? 0 : 1;
  if (hasSpeed == hadSpeed) return;
  hadSpeed = hasSpeed;
  if (hasSpeed) diagnostics.health(diagnostics.HealthState.Ok, "");
  else diagnostics.health(diagnostics.HealthState.Degraded, "no sensor tells the vehicle's speed: velocities are relative");
}
