/** The message on `/tracks` (schemas/tracks.json). What is not known is null. */
import { JsonWriter } from "../../generated/sensor-fusion/runtime";
import { ROW_VALUES, TrackAt, className } from "../../lib/perception-rows";
import { EgoMotion } from "./ego-motion";
import { TrackRows } from "./track-rows";

export function writeTracks(json: JsonWriter, nowUs: i64, ego: EgoMotion, rows: TrackRows): void {
  json.beginObject().key("time_us").integer(nowUs);
  json.key("ego").beginObject();
  json.key("speed").number(ego.speed, 3);
  json.key("yaw_rate").number(ego.yawRate, 5);
  json.key("acceleration").number(ego.acceleration, 3);
  json.endObject();
  json.key("tracks").beginArray();
  for (let row = 0; row < rows.count; row++) writeTrack(json, rows, row);
  json.endArray().endObject();
}

function writeTrack(json: JsonWriter, rows: TrackRows, row: i32): void {
  json.beginObject();
  json.key("id").integer(<i64>at(rows, row, TrackAt.ID));
  json.key("class").string(className(<i32>at(rows, row, TrackAt.CLASS)));
  json.key("confidence").number(at(rows, row, TrackAt.CONFIDENCE), 3);
  json.key("age").number(at(rows, row, TrackAt.AGE), 3);
  json.key("x").number(at(rows, row, TrackAt.X), 3);
  json.key("y").number(at(rows, row, TrackAt.Y), 3);
  json.key("vx").number(at(rows, row, TrackAt.VX), 3);
  json.key("vy").number(at(rows, row, TrackAt.VY), 3);
  json.key("ax").number(at(rows, row, TrackAt.AX), 3);
  json.key("x_deviation").number(at(rows, row, TrackAt.X_DEVIATION), 3);
  json.key("y_deviation").number(at(rows, row, TrackAt.Y_DEVIATION), 3);
  json.key("vx_deviation").number(at(rows, row, TrackAt.VX_DEVIATION), 3);
  json.key("vy_deviation").number(at(rows, row, TrackAt.VY_DEVIATION), 3);
  json.key("length").number(at(rows, row, TrackAt.LENGTH), 2);
  json.key("width").number(at(rows, row, TrackAt.WIDTH), 2);
  json.key("height").number(at(rows, row, TrackAt.HEIGHT), 2);
  json.endObject();
}

function at(rows: TrackRows, row: i32, place: i32): f64 {
  return <f64>unchecked(rows.values[row * ROW_VALUES + place]);
}
