/** The alert that matters most, across the top of a picture. */
import { TrackAt, rowClass, rowValue } from "../../lib/perception-rows";
import { Scene } from "./scene";
import { BACKGROUND, closeText, openText, severityColour } from "./style";
import { SvgWriter } from "./svg-writer";

/** Draws it into a place, px; nothing where there is no alert. `scale` is 1 for letters of 15 px. */
export function drawBanner(svg: SvgWriter, scene: Scene, left: f64, top: f64, width: f64, scale: f64): void {
  if (scene.alertCount == 0) return;
  const alert = scene.alerts[0];
  const colour = severityColour(alert.severity);
  const height = 44 * scale;
  rectangle(svg, left, top, width, height, 8 * scale, BACKGROUND, 0.82);
  rectangle(svg, left, top, width, height, 8 * scale, colour, alert.severity == 2 ? 0.34 : 0.2);
  svg.text('<rect x="').at(left).text('" y="').at(top).text('" width="').at(width).text('" height="').at(height);
  svg.text('" rx="').at(8 * scale).text('" fill="none" stroke="').text(colour).text('" stroke-width="').at(1.5 * scale).text('"/>');
  drawSign(svg, left + 25 * scale, top + height * 0.5, scale, colour);
  openText(svg, left + 48 * scale, top + 18.5 * scale, 13.5 * scale, colour, "start", true);
  svg.text(titleOf(alert.kind)).text(alert.severity == 2 ? "  —  BRAKE" : "");
  closeText(svg);
  openText(svg, left + 48 * scale, top + 35.5 * scale, 12.5 * scale, "#f4f4f6", "start", false);
  svg.text(nameOf(scene, alert.track)).text(", ").number(alert.distance, alert.distance < 10 ? 1 : 0, true).text(" m ahead");
  closeText(svg);
  if (!(alert.time < 100)) return;
  openText(svg, left + width - 14 * scale, top + 29.5 * scale, 21 * scale, colour, "end", true);
  svg.number(alert.time, 1, true).text(" s");
  closeText(svg);
}

function rectangle(svg: SvgWriter, x: f64, y: f64, width: f64, height: f64, radius: f64, colour: string, opacity: f64): void {
  svg.text('<rect x="').at(x).text('" y="').at(y).text('" width="').at(width).text('" height="').at(height);
  svg.text('" rx="').at(radius).text('" fill="').text(colour).text('" fill-opacity="').number(opacity, 2, false).text('"/>');
}

/** A triangle with an exclamation mark. */
function drawSign(svg: SvgWriter, x: f64, y: f64, scale: f64, colour: string): void {
  svg.text('<path d="M').point(x, y - 12 * scale).text("L").point(x + 13.5 * scale, y + 11 * scale);
  svg.text("L").point(x - 13.5 * scale, y + 11 * scale).text('Z" fill="').text(colour);
  svg.text('" stroke="').text(colour).text('" stroke-width="').at(3 * scale).text('" stroke-linejoin="round"/>');
  svg.text('<path d="M').point(x, y - 5 * scale).text("V").at(y + 3 * scale).text("M").point(x, y + 7.3 * scale).text("V").at(y + 7.8 * scale);
  svg.text('" fill="none" stroke="').text(BACKGROUND).text('" stroke-width="').at(3 * scale).text('" stroke-linecap="round"/>');
}

function titleOf(kind: i32): string {
  return kind == 0 ? "FORWARD COLLISION" : kind == 1 ? "PERSON IN THE WAY" : "VERY CLOSE";
}

function nameOf(scene: Scene, track: u32): string {
  for (let row = 0; row < scene.trackCount; row++) {
    if (<u32>rowValue(scene.trackValues, row, TrackAt.ID) != track) continue;
    const kind = rowClass(scene.trackValues, row, TrackAt.CLASS);
    return kind == 0 ? "Object" : kind == 1 ? "Car" : kind == 2 ? "Truck" : kind == 3 ? "Pedestrian" : "Cyclist";
  }
  return "Object";
}
