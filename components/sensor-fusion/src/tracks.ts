/** Provides `adas:perception/tracks`. */
import { TrackList } from "../../generated/sensor-fusion/tracks";
import { floatsOf } from "../../generated/sensor-fusion/runtime";
import { ego, rows, stepUs } from "./component";

export function latest(): TrackList {
  const list = TrackList.create();
  list.timestamp = stepUs;
  list.ego.speed = <f32>ego.speed;
  list.ego.yawRate = <f32>ego.yawRate;
  list.ego.acceleration = <f32>ego.acceleration;
  list.count = <u32>rows.count;
  list.values = floatsOf(rows.values, rows.count * 16);
  return list;
}
