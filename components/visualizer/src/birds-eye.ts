/** The view from above: the vehicle near the lower edge, what is ahead above it. */
import { DetectionAt, isVulnerable, rowValue } from "../../lib/perception-rows";
import { drawBanner } from "./banner";
import { EgoPath, HALF_WIDTH } from "./ego-path";
import { drawFrame } from "./birds-eye-frame";
import { LabelPlacer } from "./label-placer";
import { placeBeside, speedLabel, trackColour, writeOpacity } from "./label";
import { Scene } from "./scene";
import { ACCENT, BACKGROUND, INFO, POINTS, SUCCESS, TEXT, closePicture, openPicture, severityColour } from "./style";
import { SvgWriter } from "./svg-writer";
import { TrackBox } from "./track-box";

export const WIDTH: i32 = 480;
export const HEIGHT: i32 = 720;
/** px per metre, and where the front bumper's middle is drawn. */
export const SCALE: f64 = 7.5;
export const ORIGIN_X: f64 = 240;
export const ORIGIN_Y: f64 = 604;
/** Lidar points below this height lie on the road, m. */
const ROAD: f64 = 0.25;
/** Arrows show the way of this time, s, and radar's marks the way of the range rate in this one. */
const ARROW_SECONDS: f64 = 0.7;
const MARK_SECONDS: f64 = 0.25;
const LABEL_SIZE: f64 = 11;
const LIDAR: i32 = 1;
const CAMERA: i32 = 0;

export class BirdsEye {
  private path: EgoPath = new EgoPath();
  private box: TrackBox = new TrackBox();
  private placer: LabelPlacer = new LabelPlacer();

  draw(svg: SvgWriter, scene: Scene): void {
    openPicture(svg, WIDTH, HEIGHT);
    this.defineColours(svg, scene);
    svg.text('<rect width="480" height="720" fill="').text(BACKGROUND).text('"/>');
    drawGrid(svg);
    this.drawPath(svg, scene);
    drawPoints(svg, scene);
    drawTargets(svg, scene);
    drawDetections(svg, scene);
    this.drawTracks(svg, scene);
    drawVehicle(svg);
    this.drawLabels(svg, scene);
    drawFrame(svg, scene);
    drawBanner(svg, scene, 14, 62, 452, 1);
    closePicture(svg);
  }

  private defineColours(svg: SvgWriter, scene: Scene): void {
    const colour = scene.alertCount > 0 ? severityColour(scene.alerts[0].severity) : INFO;
    const strength = scene.alertCount > 0 ? "0.5" : "0.34";
    this.path.read(scene);
    svg.text('<defs><linearGradient id="lane" gradientUnits="userSpaceOnUse" x1="0" y1="').at(ORIGIN_Y);
    svg.text('" x2="0" y2="').at(ORIGIN_Y - this.path.length * SCALE).text('"><stop offset="0" stop-color="').text(colour);
    svg.text('" stop-opacity="').text(strength).text('"/><stop offset="1" stop-color="').text(colour).text('" stop-opacity="0"/></linearGradient>');
    svg.text('<linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="').text(BACKGROUND);
    svg.text('" stop-opacity="1"/><stop offset="0.55" stop-color="').text(BACKGROUND).text('" stop-opacity="0.85"/><stop offset="1" stop-color="');
    svg.text(BACKGROUND).text('" stop-opacity="0"/></linearGradient></defs>');
  }

  private drawPath(svg: SvgWriter, scene: Scene): void {
    svg.text('<path d="M');
    this.side(svg, HALF_WIDTH, false);
    svg.unit(0x4c);
    this.side(svg, -HALF_WIDTH, true);
    svg.text('Z" fill="url(#lane)"/>');
  }

  /** The points of one side of the path. */
  private side(svg: SvgWriter, left: f64, backwards: bool): void {
    const pieces = this.path.curvature == 0 ? 1 : 12;
    for (let i = 0; i <= pieces; i++) {
      const way = (this.path.length * <f64>(backwards ? pieces - i : i)) / <f64>pieces;
      if (i > 0) svg.unit(0x20);
      svg.point(across(this.path.y(way, left)), down(this.path.x(way, left)));
    }
  }

  private drawTracks(svg: SvgWriter, scene: Scene): void {
    const box = this.box;
    for (let row = 0; row < scene.trackCount; row++) {
      box.read(scene, row);
      const colour = trackColour(scene, box);
      const alerted = scene.severityOf(box.id) >= 0;
      svg.text('<g stroke="').text(colour).text('" stroke-linejoin="round" stroke-linecap="round"');
      writeOpacity(svg, box);
      svg.unit(0x3e);
      if (alerted) drawHalo(svg, box, colour);
      if (isVulnerable(box.kind)) drawPerson(svg, box, colour);
      else drawOutline(svg, box, colour, alerted);
      drawArrow(svg, box);
      svg.text("</g>");
    }
  }

  private drawLabels(svg: SvgWriter, scene: Scene): void {
    const box = this.box;
    this.placer.begin(WIDTH, HEIGHT);
    this.placer.block(0, 0, WIDTH, scene.alertCount > 0 ? 108 : 52);
    this.placer.block(0, HEIGHT - 34, WIDTH, 34);
    this.placer.block(ORIGIN_X - 10, ORIGIN_Y - 2, 20, 40);
    // First those that matter.
    for (let pass = 0; pass < 2; pass++) {
      for (let row = 0; row < scene.trackCount; row++) {
        box.read(scene, row);
        if (scene.severityOf(box.id) >= 0 != (pass == 0)) continue;
        speedLabel(scene, box);
        this.placeLabel(svg, scene);
      }
    }
  }

  private placeLabel(svg: SvgWriter, scene: Scene): void {
    const box = this.box;
    const half = max<f64>(box.width * 0.5, 0.6) * SCALE;
    const x = across(box.middleY);
    const near = down(box.x);
    const far = down(box.x + box.alongX * box.length);
    placeBeside(svg, this.placer, x - half, min<f64>(near, far), x + half, max<f64>(near, far), LABEL_SIZE, trackColour(scene, box));
  }
}

/** Picture column of a lateral place, px. */
// @ts-ignore: decorator
@inline
export function across(y: f64): f64 {
  return ORIGIN_X - y * SCALE;
}

/** Picture row of a place ahead, px. */
// @ts-ignore: decorator
@inline
export function down(x: f64): f64 {
  return ORIGIN_Y - x * SCALE;
}

/** Whether a place shows. */
function isSeen(x: f64, y: f64): bool {
  const column = across(y);
  const row = down(x);
  return column >= 0 && column <= <f64>WIDTH && row >= 0 && row <= <f64>HEIGHT;
}

/** Lines every 10 m, and rings with their distances every 20 m. */
function drawGrid(svg: SvgWriter): void {
  svg.text('<path fill="none" stroke="#212129" stroke-width="1" d="');
  for (let metres = -30; metres <= 30; metres += 10) svg.text("M").at(across(metres)).text(" 0V720");
  for (let metres = -10; metres <= 80; metres += 10) svg.text("M0 ").at(down(metres)).text("H480");
  svg.text('"/><g fill="none" stroke="#3b3b46" stroke-width="1">');
  for (let metres = 20; metres <= 80; metres += 20) {
    svg.text('<circle cx="').at(ORIGIN_X).text('" cy="').at(ORIGIN_Y).text('" r="').at(<f64>metres * SCALE).text('"/>');
  }
  svg.text('</g><g font-size="10" fill="#83838f" text-anchor="middle">');
  for (let metres = 20; metres <= 80; metres += 20) {
    // Along a ray to the right, where traffic is rarely.
    const reach = <f64>metres * SCALE;
    const side = metres == 20 ? 0.707 : metres == 40 ? 0.6 : 0.42;
    const x = ORIGIN_X + reach * side;
    const y = ORIGIN_Y - reach * Math.sqrt(1 - side * side);
    svg.text('<rect x="').at(x - 16).text('" y="').at(y - 7.5).text('" width="32" height="15" fill="').text(BACKGROUND).text('"/>');
    svg.text('<text x="').at(x).text('" y="').at(y + 3.5).text('">').whole(metres, 1).text(" m</text>");
  }
  svg.text("</g>");
}

/** What stands up from the road, brighter than the road itself. */
function drawPoints(svg: SvgWriter, scene: Scene): void {
  for (let pass = 0; pass < 2; pass++) {
    svg.text('<path fill="none" stroke="').text(POINTS).text('" stroke-linecap="round" ');
    svg.text(pass == 0 ? 'stroke-width="1.1" stroke-opacity="0.32" d="' : 'stroke-width="1.7" stroke-opacity="0.85" d="');
    for (let i = 0; i < scene.pointCount; i++) {
      const x = <f64>unchecked(scene.points[i * 3]);
      const y = <f64>unchecked(scene.points[i * 3 + 1]);
      const stands = <f64>unchecked(scene.points[i * 3 + 2]) >= ROAD;
      if (stands == (pass == 1) && isSeen(x, y)) svg.unit(0x4d).point(across(y), down(x)).text("h0");
    }
    svg.text('"/>');
  }
}

/** Radar targets: a rhomb, and a mark that shows the range rate. */
function drawTargets(svg: SvgWriter, scene: Scene): void {
  svg.text('<path fill="').text(SUCCESS).text('" fill-opacity="0.25" stroke="').text(SUCCESS).text('" stroke-opacity="0.9" stroke-width="1.1" d="');
  for (let i = 0; i < scene.targetCount; i++) {
    const x = <f64>unchecked(scene.targets[i * 3]);
    const y = <f64>unchecked(scene.targets[i * 3 + 1]);
    const rate = <f64>unchecked(scene.targets[i * 3 + 2]);
    if (!isSeen(x, y)) continue;
    svg.unit(0x4d).point(across(y), down(x) - 3.6).text("l3.6 3.6l-3.6 3.6l-3.6 -3.6Z");
    const range = Math.sqrt(x * x + y * y);
    if (!(range > 1) || !isFinite(rate)) continue;
    const reach = (rate * MARK_SECONDS) / range;
    svg.unit(0x4d).point(across(y), down(x)).unit(0x4c).point(across(y + y * reach), down(x + x * reach));
  }
  svg.text('"/>');
}

/** Single sensors' objects: a square for lidar, a triangle for a camera with the spread of its distance. Radar's show as targets. */
function drawDetections(svg: SvgWriter, scene: Scene): void {
  svg.text('<path fill="none" stroke="').text(TEXT).text('" stroke-opacity="0.75" stroke-width="1.1" d="');
  for (let i = 0; i < scene.detectionCount; i++) {
    if (scene.detectionSource[i] != LIDAR) continue;
    const x = rowValue(scene.detectionValues, i, DetectionAt.X);
    const y = rowValue(scene.detectionValues, i, DetectionAt.Y);
    if (isSeen(x, y)) svg.unit(0x4d).point(across(y) - 3, down(x) - 3).text("h6v6h-6Z");
  }
  svg.text('"/><path fill="none" stroke="').text(ACCENT).text('" stroke-opacity="0.85" stroke-width="1.2" d="');
  for (let i = 0; i < scene.detectionCount; i++) {
    if (scene.detectionSource[i] != CAMERA) continue;
    const x = rowValue(scene.detectionValues, i, DetectionAt.X);
    const y = rowValue(scene.detectionValues, i, DetectionAt.Y);
    if (!isSeen(x, y)) continue;
    const spread = min<f64>(rowValue(scene.detectionValues, i, DetectionAt.X_DEVIATION), 15);
    svg.unit(0x4d).point(across(y), down(x) - 4).text("l4 7h-8Z");
    const range = max<f64>(Math.sqrt(x * x + y * y), 1);
    const reach = (isFinite(spread) ? spread : 0) / range;
    svg.unit(0x4d).point(across(y - y * reach), down(x - x * reach)).unit(0x4c).point(across(y + y * reach), down(x + x * reach));
  }
  svg.text('"/>');
}

function drawHalo(svg: SvgWriter, box: TrackBox, colour: string): void {
  const radius = (0.5 * Math.sqrt(box.length * box.length + box.width * box.width) + 0.7) * SCALE;
  svg.text('<circle cx="').at(across(box.middleY)).text('" cy="').at(down(box.middleX)).text('" r="').at(radius).text('" fill="').text(colour);
  svg.text('" fill-opacity="0.14" stroke-opacity="0.8" stroke-width="1.4" stroke-dasharray="4 4"/>');
}

/** A vehicle's box; its near side, which is what was measured, is thicker. */
function drawOutline(svg: SvgWriter, box: TrackBox, colour: string, alerted: bool): void {
  svg.text('<path d="M');
  for (let i = 0; i < 4; i++) {
    if (i > 0) svg.unit(0x4c);
    svg.point(across(box.cornerY(i)), down(box.cornerX(i)));
  }
  svg.text('Z" fill="').text(colour).text('" fill-opacity="').text(alerted ? "0.5" : "0.26").text('" stroke-width="1.3"/><path d="M');
  svg.point(across(box.cornerY(0)), down(box.cornerX(0))).unit(0x4c).point(across(box.cornerY(1)), down(box.cornerX(1)));
  svg.text('" fill="none" stroke-width="2.6"/>');
}

function drawPerson(svg: SvgWriter, box: TrackBox, colour: string): void {
  svg.text('<circle cx="').at(across(box.middleY)).text('" cy="').at(down(box.middleX)).text('" r="5.5" fill="').text(colour);
  svg.text('" fill-opacity="0.35" stroke-width="1.6"/><circle cx="').at(across(box.middleY)).text('" cy="').at(down(box.middleX));
  svg.text('" r="1.8" fill="').text(colour).text('" stroke="none"/>');
}

/** From the box's leading side, where the object will be in a moment. */
function drawArrow(svg: SvgWriter, box: TrackBox): void {
  if (box.speed < 0.7) return;
  const reach = isVulnerable(box.kind) ? 2 * ARROW_SECONDS : ARROW_SECONDS;
  const dx = box.vx * reach;
  const dy = box.vy * reach;
  const leads = box.alongX * box.vx + box.alongY * box.vy > 0;
  const x = leads ? box.x + box.alongX * box.length : box.x;
  const y = leads ? box.y + box.alongY * box.length : box.y;
  const person = isVulnerable(box.kind);
  const fromX = person ? box.middleX : x;
  const fromY = person ? box.middleY : y;
  const tipX = across(fromY + dy);
  const tipY = down(fromX + dx);
  const ux = -box.vy / box.speed;
  const uy = -box.vx / box.speed;
  svg.text('<path fill="none" stroke-width="1.8" d="M').point(across(fromY), down(fromX)).unit(0x4c).point(tipX, tipY);
  svg.unit(0x4d).point(tipX - 5 * ux + 3.4 * uy, tipY - 5 * uy - 3.4 * ux).unit(0x4c).point(tipX, tipY);
  svg.unit(0x4c).point(tipX - 5 * ux - 3.4 * uy, tipY - 5 * uy + 3.4 * ux).text('"/>');
}

/** Ourselves: 1.9 m × 4.6 m behind the front bumper. */
function drawVehicle(svg: SvgWriter): void {
  svg.text('<g><rect x="232.4" y="603.4" width="15.2" height="35.6" rx="4.5" fill="').text(TEXT).text('"/>');
  svg.text('<path d="M234.3 614.5Q240 611.2 245.7 614.5L244.6 619.6H235.4Z" fill="').text(BACKGROUND).text('" fill-opacity="0.85"/>');
  svg.text('<path d="M235.4 631.5H244.6L245.3 635.2Q240 636.8 234.7 635.2Z" fill="').text(BACKGROUND).text('" fill-opacity="0.7"/>');
  svg.text('<path d="M233.2 607.6l3.2 -2.6M246.8 607.6l-3.2 -2.6" fill="none" stroke="').text(ACCENT).text('" stroke-width="1.4" stroke-linecap="round"/></g>');
}
