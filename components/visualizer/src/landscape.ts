/** An empty landscape for drives without a camera: sky, ground with a grid, and what radar and lidar see. */
import { Camera } from "./camera";
import { Projection } from "./projection";
import { Scene } from "./scene";
import { POINTS, SUCCESS, TEXT } from "./style";
import { SvgWriter } from "./svg-writer";

/** The grid, m. */
const BEGINS: f64 = -6;
const ENDS: f64 = 120;
const ASIDE: f64 = 40;
const STEP: f64 = 10;
/** Ourselves, m. */
const LENGTH: f64 = 4.6;
const HALF: f64 = 0.92;
const BONNET: f64 = 0.75;
const ROOF: f64 = 1.45;

export function drawLandscape(svg: SvgWriter, scene: Scene, camera: Camera): void {
  const projection = camera.projection;
  projection.see(1e6, 0, 0);
  const horizon = projection.row;
  svg.text('<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#15151a"/><stop offset="1" stop-color="#262833"/></linearGradient>');
  svg.text('<linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#22232b"/><stop offset="1" stop-color="#141418"/></linearGradient></defs>');
  svg.text('<rect width="640" height="').at(horizon).text('" fill="url(#sky)"/>');
  svg.text('<rect y="').at(horizon).text('" width="640" height="').at(360 - horizon).text('" fill="url(#ground)"/>');
  drawGrid(svg, projection);
  drawPoints(svg, scene, projection);
  drawTargets(svg, scene, projection);
}

function drawGrid(svg: SvgWriter, projection: Projection): void {
  svg.text('<path fill="none" stroke="#454654" stroke-opacity="0.75" stroke-width="0.8" d="');
  for (let y = -ASIDE; y <= ASIDE; y += STEP) drawLine(svg, projection, BEGINS, y, ENDS, y);
  for (let x: f64 = 0; x <= ENDS; x += STEP) drawLine(svg, projection, x, -ASIDE, x, ASIDE);
  svg.text('"/><g font-size="9" fill="#83838f" text-anchor="middle">');
  for (let x: f64 = 20; x <= 80; x += 20) {
    if (!projection.see(x, -14, 0)) continue;
    svg.text('<text x="').at(projection.column).text('" y="').at(projection.row - 2).text('">').number(x, 0, false).text(" m</text>");
  }
  svg.text("</g>");
}

function drawLine(svg: SvgWriter, projection: Projection, fromX: f64, fromY: f64, toX: f64, toY: f64): void {
  const share = projection.entry(fromX, fromY, 0, toX, toY, 0);
  if (share > 1 || !projection.see(fromX + share * (toX - fromX), fromY + share * (toY - fromY), 0)) return;
  svg.unit(0x4d).point(projection.column, projection.row);
  if (projection.see(toX, toY, 0)) svg.unit(0x4c).point(projection.column, projection.row);
}

function drawPoints(svg: SvgWriter, scene: Scene, projection: Projection): void {
  if (scene.pointCount == 0) return;
  svg.text('<path fill="none" stroke="').text(POINTS).text('" stroke-width="1.3" stroke-linecap="round" stroke-opacity="0.6" d="');
  for (let i = 0; i < scene.pointCount; i++) {
    const at = i * 3;
    if (!projection.see(<f64>scene.points[at], <f64>scene.points[at + 1], <f64>scene.points[at + 2])) continue;
    if (isInside(projection)) svg.unit(0x4d).point(projection.column, projection.row).text("h0");
  }
  svg.text('"/>');
}

function drawTargets(svg: SvgWriter, scene: Scene, projection: Projection): void {
  if (scene.targetCount == 0) return;
  svg.text('<path fill="').text(SUCCESS).text('" fill-opacity="0.3" stroke="').text(SUCCESS).text('" stroke-opacity="0.9" stroke-width="1" d="');
  for (let i = 0; i < scene.targetCount; i++) {
    const at = i * 3;
    if (!projection.see(<f64>scene.targets[at], <f64>scene.targets[at + 1], 0.4) || !isInside(projection)) continue;
    svg.unit(0x4d).point(projection.column, projection.row - 3).text("l3 3l-3 3l-3 -3Z");
  }
  svg.text('"/>');
}

function isInside(projection: Projection): bool {
  return projection.column >= 0 && projection.column <= 640 && projection.row >= 0 && projection.row <= 360;
}

/** Ourselves, seen from behind: a simple body. */
export function drawVehicle(svg: SvgWriter, projection: Projection): void {
  svg.text('<g stroke="#15151a" stroke-width="0.8" stroke-linejoin="round">');
  drawFace(svg, projection, "#9a9aa6", -LENGTH, 0, HALF, BONNET, BONNET, HALF);
  drawFace(svg, projection, TEXT, -LENGTH + 0.5, -1.5, HALF * 0.86, ROOF, ROOF, HALF * 0.86);
  drawFace(svg, projection, "#30303a", -LENGTH, -LENGTH + 0.5, HALF * 0.9, BONNET, ROOF, HALF * 0.84);
  drawFace(svg, projection, "#c4c4cc", -LENGTH, -LENGTH, HALF, 0.25, BONNET, HALF);
  svg.text("</g>");
}

/** A quadrilateral from one height at `fromX` to another at `toX`. */
function drawFace(svg: SvgWriter, projection: Projection, colour: string, fromX: f64, toX: f64, fromHalf: f64, fromZ: f64, toZ: f64, toHalf: f64): void {
  svg.text('<path fill="').text(colour).text('" d="');
  for (let i = 0; i < 4; i++) {
    const far = i >= 2;
    const side = i == 0 || i == 3 ? 1.0 : -1.0;
    projection.see(far ? toX : fromX, side * (far ? toHalf : fromHalf), far ? toZ : fromZ);
    svg.unit(i == 0 ? 0x4d : 0x4c).point(projection.column, projection.row);
  }
  svg.text('Z"/>');
}
