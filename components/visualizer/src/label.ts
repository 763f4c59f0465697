/** Labels of tracks: a small plate with the number, and the speed or distance. */
import { LabelPlacer } from "./label-placer";
import { Scene } from "./scene";
import { BACKGROUND, TEXT, classColour, closeText, openText, severityColour, widthOf } from "./style";
import { SvgWriter } from "./svg-writer";
import { TrackBox } from "./track-box";

/** Slower things stand, m/s. */
const STANDING: f64 = 0.7;
/** A track that exists with less than this probability is drawn faintly. */
const DOUBTFUL: f64 = 0.7;
const content = new SvgWriter(64);

/** The colour of a track: that of its class, or of the alert about it. */
export function trackColour(scene: Scene, box: TrackBox): string {
  const severity = scene.severityOf(box.id);
  return severity >= 0 ? severityColour(severity) : classColour(box.kind);
}

/** The `opacity` of what shows a track: less where it was not seen lately. */
export function writeOpacity(svg: SvgWriter, box: TrackBox): void {
  if (box.confidence < DOUBTFUL) svg.text(' opacity="0.45"');
}

/** `12 · 54 km/h`; the speed is left out of what stands. Relative speeds have a sign. */
export function speedLabel(scene: Scene, box: TrackBox): void {
  content.reset();
  content.whole(box.id, 1);
  if (box.speed < STANDING) return;
  content.text(" · ");
  if (isNaN(scene.speed)) content.text(box.vx < 0 ? "−" : "+");
  content.number(box.speed * 3.6, 0, false).text(" km/h");
}

/** `12 · 34 m` */
export function distanceLabel(box: TrackBox): void {
  content.reset();
  content.whole(box.id, 1).text(" · ").number(max<f64>(box.x, 0), 0, false).text(" m");
}

/** Width of the plate of the label that was made last, px. */
export function plateWidth(size: f64): f64 {
  return (widthOf(content) + 1) * size;
}

export function plateHeight(size: f64): f64 {
  return 1.5 * size;
}

/** Draws the label that was made last. `left`, `top` are the plate's corner. */
export function drawPlate(svg: SvgWriter, left: f64, top: f64, size: f64, colour: string): void {
  const height = plateHeight(size);
  svg.text('<rect x="').at(left).text('" y="').at(top).text('" width="').at(plateWidth(size)).text('" height="').at(height);
  svg.text('" rx="').at(0.3 * size).text('" fill="').text(BACKGROUND).text('" fill-opacity="0.78"/>');
  svg.text('<rect x="').at(left).text('" y="').at(top).text('" width="').at(0.22 * size).text('" height="').at(height);
  svg.text('" rx="').at(0.1 * size).text('" fill="').text(colour).text('"/>');
  openText(svg, left + 0.6 * size, top + 1.1 * size, size, TEXT, "start", false);
  svg.append(content);
  closeText(svg);
}

/** Draws the label that was made last beside a rectangle, where there is room: right of it, left, above, below. False where there is none. */
export function placeBeside(svg: SvgWriter, placer: LabelPlacer, left: f64, top: f64, right: f64, bottom: f64, size: f64, colour: string): bool {
  const width = plateWidth(size);
  const height = plateHeight(size);
  const middleX = (left + right - width) * 0.5;
  const middleY = (top + bottom - height) * 0.5;
  const gap = 0.45 * size;
  for (let i = 0; i < 4; i++) {
    const x = i == 0 ? right + gap : i == 1 ? left - gap - width : middleX;
    const y = i == 2 ? top - gap - height : i == 3 ? bottom + gap : middleY;
    if (!placer.take(x, y, width, height)) continue;
    drawPlate(svg, x, y, size, colour);
    return true;
  }
  return false;
}
