/** The interface `adas:perception/detections`: what the last step detected. */
import { Batch } from "../../generated/object-detection/detections";
import { floats, List, newList } from "../../generated/object-detection/runtime";
import { ROW_VALUES } from "../../lib/perception-rows";
import { MAX_BATCHES } from "./rows";
import { rows } from "./state";

const order = new StaticArray<i32>(MAX_BATCHES);

export function latest(): List<Batch> {
  rows.ordered(order);
  const list = newList<Batch>(rows.batches);
  for (let i = 0; i < rows.batches; i++) {
    const from = order[i];
    const batch = list[i];
    batch.source = rows.source[from];
    batch.sensor = rows.sensor[from];
    batch.timestamp = rows.time[from];
    batch.count = rows.size[from];
    // The rows stay as they are until the next step: they are given without a copy.
    batch.values = floats(changetype<usize>(rows.values) + <usize>(rows.first[from] * ROW_VALUES * 4), rows.size[from] * ROW_VALUES);
  }
  return list;
}
