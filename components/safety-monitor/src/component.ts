/** The safety monitor: warns of collisions ahead, of people in the way, and of things that are too near. */
import * as bus from "../../generated/safety-monitor/bus";
import { OkOrString, TupleStringString } from "../../generated/safety-monitor/component";
import * as diagnostics from "../../generated/safety-monitor/diagnostics";
import { List, newJsonWriter } from "../../generated/safety-monitor/runtime";
import * as tracks from "../../generated/safety-monitor/tracks";
import { BumperSensors } from "./bumper-sensors";
import { writeEvent } from "./alerts-json";
import { Monitor } from "./monitor";
import { KINDS } from "./threat";
import { NOTHING } from "./warning";

const TOPIC: string = "/alerts";

export const monitor: Monitor = new Monitor();

const bumper = new BumperSensors();
let topic: u32 = 0;

export function init(configuration: List<TupleStringString>): OkOrString {
  if (configuration.length > 0) return OkOrString.err("unknown setting \"" + configuration[0].f0 + "\": this unit has none");
  bumper.connect();
  const advertised = bus.advertise(TOPIC);
  if (!advertised.isOk) return OkOrString.err(TOPIC + " is not declared as a topic of this unit");
  topic = advertised.value;
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  const list = tracks.latest();
  monitor.begin(<f64>list.ego.speed, <f64>list.ego.yawRate, <f64>list.ego.acceleration);
  monitor.judgeTracks(list.values.ptr, min<i32>(<i32>list.count, list.values.length / 16));
  monitor.judgeNear(bumper.nearest(now));
  monitor.end(now);
  for (let kind = 0; kind < KINDS; kind++) {
    const event = monitor.events[kind];
    if (event == NOTHING) continue;
    const json = newJsonWriter(512);
    writeEvent(json, now, kind, event, monitor.warnings[kind]);
    if (!bus.publish(topic, json.bytes).isOk) return OkOrString.err("cannot publish on " + TOPIC);
  }
  diagnostics.metric("alerts", <f64>monitor.raised);
  return OkOrString.ok();
}
