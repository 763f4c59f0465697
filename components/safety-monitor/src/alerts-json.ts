/** The message on `/alerts` (schemas/alerts.json): one whenever a warning is raised, changes its severity or is cleared. */
import { JsonWriter } from "../../generated/safety-monitor/runtime";
import { className } from "../../lib/perception-rows";
import { FORWARD_COLLISION, Threat, VULNERABLE } from "./threat";
import { CHANGED, CLEARED, RAISED, Warning } from "./warning";

export function writeEvent(json: JsonWriter, nowUs: i64, kind: i32, event: i32, warning: Warning): void {
  json.beginObject();
  json.key("time_us").integer(nowUs);
  json.key("event").string(eventName(event));
  json.key("id").integer(warning.id);
  json.key("kind").string(kindName(kind));
  json.key("severity");
  if (event == CLEARED) json.nothing();
  else json.string(severityName(warning.severity));
  json.key("track").integer(warning.threat.track);
  json.key("time_to_collision").number(event == CLEARED ? NaN : warning.threat.time, 2);
  json.key("distance").number(event == CLEARED ? NaN : warning.threat.distance, 2);
  json.key("text").string(event == CLEARED ? kindTitle(kind) + " over" : describe(kind, warning.threat));
  json.endObject();
}

/** In words, such as `Forward collision: car 18 m ahead, 1.9 s`. */
function describe(kind: i32, threat: Threat): string {
  const thing = threat.objectClass == 0 ? "object" : className(threat.objectClass);
  const far = threat.distance < 10 ? tenths(threat.distance) : (<i32>Math.round(threat.distance)).toString();
  const text = kindTitle(kind) + ": " + thing + " " + far + " m ahead";
  return isFinite(threat.time) ? text + ", " + tenths(threat.time) + " s" : text;
}

/** A number that is not negative, with one decimal. */
function tenths(value: f64): string {
  const whole = <i32>Math.round(value * 10);
  return (whole / 10).toString() + "." + (whole % 10).toString();
}

function kindTitle(kind: i32): string {
  return kind == FORWARD_COLLISION ? "Forward collision" : kind == VULNERABLE ? "Person in the way" : "Very close";
}

function kindName(kind: i32): string {
  return kind == FORWARD_COLLISION ? "forward-collision" : kind == VULNERABLE ? "vulnerable-road-user" : "proximity";
}

function eventName(event: i32): string {
  return event == RAISED ? "raised" : event == CHANGED ? "changed" : "cleared";
}

function severityName(severity: i32): string {
  return severity == 3 ? "critical" : severity == 2 ? "warning" : "caution";
}
