/** What a camera itself found, in its picture. */
import { DetectionAt, TrackAt, rowValue } from "../../lib/perception-rows";
import { Scene } from "./scene";
import { SvgWriter } from "./svg-writer";

/** A detection is a track where it lies so close to it: standard deviations along, m beside. */
const ALONG: f64 = 3;
const BESIDE: f64 = 1.5;

/** The four corners of a rectangle, px. */
export function drawCorners(svg: SvgWriter, left: f64, top: f64, right: f64, bottom: f64, scale: f64, colour: string): void {
  const leg = min<f64>(min<f64>(right - left, bottom - top) * 0.3, 14 * scale);
  svg.text('<path fill="none" stroke="').text(colour).text('" stroke-opacity="0.9" stroke-width="').at(1.5 * scale).text('" d="');
  svg.unit(0x4d).point(left, top + leg).text("V").at(top).text("H").at(left + leg);
  svg.unit(0x4d).point(right - leg, top).text("H").at(right).text("V").at(top + leg);
  svg.unit(0x4d).point(right, bottom - leg).text("V").at(bottom).text("H").at(right - leg);
  svg.unit(0x4d).point(left + leg, bottom).text("H").at(left).text("V").at(bottom - leg).text('"/>');
}

/** The row of the track that a camera's detection most likely is; −1 where there is none. */
export function ownBox(scene: Scene, detection: i32): i32 {
  const x = rowValue(scene.detectionValues, detection, DetectionAt.X);
  const y = rowValue(scene.detectionValues, detection, DetectionAt.Y);
  const deviation = rowValue(scene.detectionValues, detection, DetectionAt.X_DEVIATION);
  const reach = 2 + ALONG * (isFinite(deviation) ? deviation : 1);
  let best = -1;
  let least: f64 = 1;
  for (let row = 0; row < scene.trackCount; row++) {
    const dx = abs<f64>(rowValue(scene.trackValues, row, TrackAt.X) - x) / reach;
    const dy = abs<f64>(rowValue(scene.trackValues, row, TrackAt.Y) - y) / (BESIDE + 0.03 * abs<f64>(x));
    const away = max<f64>(dx, dy);
    if (away < least) {
      best = row;
      least = away;
    }
  }
  return best;
}
