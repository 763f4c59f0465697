/** Publishes the totals on the topic /totals, one message a step. */

import * as bus from "../../generated/reporter/bus";
import { OkOrString, TupleStringString } from "../../generated/reporter/component";
import * as diagnostics from "../../generated/reporter/diagnostics";
import { List, newJsonWriter } from "../../generated/reporter/runtime";
import * as totals from "../../generated/reporter/totals";

let topic: u32 = 0;

/** The setting `label`, which stands in every message. */
let label = "";

export function init(configuration: List<TupleStringString>): OkOrString {
  for (let i = 0; i < configuration.length; i++) {
    const key = configuration[i].f0;
    if (key === "label") label = configuration[i].f1;
    else return OkOrString.err(`unknown setting ${key}; expected label`);
  }
  const answer = bus.advertise("/totals");
  if (!answer.isOk)
    return OkOrString.err("the configuration does not declare that this unit publishes /totals");
  topic = answer.value;
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  const list = totals.all();
  const json = newJsonWriter();
  let readings: u64 = 0;
  json.beginObject().key("label").string(label).key("time").integer(now).key("totals").beginArray();
  for (let i = 0; i < list.length; i++) {
    const total = list[i];
    readings += total.count;
    json.beginObject();
    json
      .key("sensor")
      .unsigned(total.sensor)
      .key("count")
      .unsigned(total.count)
      .key("size")
      .unsigned(total.size);
    json.key("checksum").unsigned(total.checksum).endObject();
  }
  json.endArray().endObject();
  if (!bus.publish(topic, json.bytes).isOk) return OkOrString.err("the message on /totals was refused");
  diagnostics.metric("readings", <f64>readings);
  return OkOrString.ok();
}
