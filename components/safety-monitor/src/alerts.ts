/** Provides `adas:perception/alerts`. */
import { Alert } from "../../generated/safety-monitor/alerts";
import { List, newListBuilder } from "../../generated/safety-monitor/runtime";
import { monitor } from "./component";

export function active(): List<Alert> {
  const list = newListBuilder<Alert>();
  for (let place = 0; ; place++) {
    const kind = monitor.activeKind(place);
    if (kind < 0) break;
    const warning = monitor.warnings[kind];
    const alert = list.add();
    alert.id = warning.id;
    alert.kind = kind;
    alert.severity = warning.severity - 1;
    alert.track = warning.threat.track;
    alert.since = warning.sinceUs;
    alert.timeToCollision = <f32>warning.threat.time;
    alert.distance = <f32>warning.threat.distance;
  }
  return list.list;
}
