/** Publishes what a step detected: one JSON message for each reading (schemas/detections.json), and the figures for people. */
import { className, DetectionAt, ROW_VALUES } from "../../lib/perception-rows";
import * as bus from "../../generated/object-detection/bus";
import * as diagnostics from "../../generated/object-detection/diagnostics";
import { Source } from "../../generated/object-detection/detections";
import { JsonWriter, newJsonWriter } from "../../generated/object-detection/runtime";
import { MAX_BATCHES, Rows } from "./rows";
import { SensorTable } from "./sensor-table";

const order = new StaticArray<i32>(MAX_BATCHES);
const totals = new StaticArray<f64>(4);
const seen = new StaticArray<bool>(4);
let total: f64 = 0;

export function publishRows(topic: u32, rows: Rows, table: SensorTable): void {
  rows.ordered(order);
  for (let i = 0; i < rows.batches; i++) {
    const json = newJsonWriter();
    writeBatch(json, rows, order[i], table);
    bus.publish(topic, json.bytes);
  }
}

/** Counts what was detected. */
export function countRows(rows: Rows): void {
  if (rows.batches == 0) return;
  for (let i = 0; i < rows.batches; i++) {
    const source = rows.source[i];
    totals[source] += <f64>rows.size[i];
    total += <f64>rows.size[i];
    seen[source] = true;
  }
  diagnostics.metric("detections", total);
  if (seen[Source.Camera]) diagnostics.metric("detections-camera", totals[Source.Camera]);
  if (seen[Source.Lidar]) diagnostics.metric("detections-lidar", totals[Source.Lidar]);
  if (seen[Source.Radar]) diagnostics.metric("detections-radar", totals[Source.Radar]);
  if (seen[Source.Ultrasonic]) diagnostics.metric("detections-ultrasonic", totals[Source.Ultrasonic]);
}

function writeBatch(json: JsonWriter, rows: Rows, batch: i32, table: SensorTable): void {
  const entry = table.find(rows.sensor[batch]);
  json.beginObject();
  json.key("time_us").integer(rows.time[batch]);
  json.key("source").string(sourceName(rows.source[batch]));
  json.key("sensor").string(entry === null ? "" : entry.name);
  json.key("objects").beginArray();
  for (let i = 0; i < rows.size[batch]; i++) writeObject(json, rows.values, (rows.first[batch] + i) * ROW_VALUES);
  json.endArray().endObject();
}

function writeObject(json: JsonWriter, values: StaticArray<f32>, at: i32): void {
  json.beginObject();
  json.key("class").string(className(<i32>values[at + DetectionAt.CLASS]));
  json.key("score").number(<f64>values[at + DetectionAt.SCORE], 2);
  json.key("x").number(<f64>values[at + DetectionAt.X], 2);
  json.key("y").number(<f64>values[at + DetectionAt.Y], 2);
  json.key("range_rate").number(<f64>values[at + DetectionAt.RANGE_RATE], 2);
  json.key("length").number(<f64>values[at + DetectionAt.LENGTH], 2);
  json.key("width").number(<f64>values[at + DetectionAt.WIDTH], 2);
  json.key("height").number(<f64>values[at + DetectionAt.HEIGHT], 2);
  json.key("box");
  if (isNaN(values[at + DetectionAt.LEFT])) {
    json.nothing();
  } else {
    json.beginArray();
    for (let i = DetectionAt.LEFT; i <= DetectionAt.BOTTOM; i++) json.number(<f64>values[at + i], 1);
    json.endArray();
  }
  json.endObject();
}

function sourceName(source: u8): string {
  if (source == Source.Camera) return "camera";
  if (source == Source.Lidar) return "lidar";
  if (source == Source.Radar) return "radar";
  return "ultrasonic";
}
