/**
 * The camera's picture with what the pipeline makes of it: the way ahead, boxes of tracks, and what the camera itself found. Without a camera the same is
 * drawn into an empty landscape, seen from above and behind the vehicle.
 */
import { DetectionAt, rowValue } from "../../lib/perception-rows";
import { drawBanner } from "./banner";
import { BoxView } from "./box-view";
import { Camera } from "./camera";
import { drawCorners, ownBox } from "./camera-boxes";
import { drawDisplay } from "./camera-display";
import { EgoPath, HALF_WIDTH } from "./ego-path";
import { distanceLabel, placeBeside, plateHeight, plateWidth, drawPlate, trackColour, writeOpacity } from "./label";
import { LabelPlacer } from "./label-placer";
import { drawLandscape, drawVehicle } from "./landscape";
import { Scene } from "./scene";
import { INFO, closePicture, openPicture, severityColour } from "./style";
import { SvgWriter } from "./svg-writer";
import { TrackBox } from "./track-box";

const CAMERA: i32 = 0;
/** The way ahead begins this far before the vehicle, m. */
const PATH_BEGINS: f64 = 1.5;
/** Boxes up to this share of the picture's width are kept free of labels. */
const LARGEST_BLOCKED: f64 = 0.1;

export class CameraView {
  private box: TrackBox = new TrackBox();
  private view: BoxView = new BoxView();
  private path: EgoPath = new EgoPath();
  private placer: LabelPlacer = new LabelPlacer();

  draw(svg: SvgWriter, scene: Scene, camera: Camera): void {
    const width = <f64>camera.width;
    const height = <f64>camera.height;
    const scale = min<f64>(max<f64>(min<f64>(width / 640, height / 360), 0.6), 4);
    openPicture(svg, camera.width, camera.height);
    this.definePath(svg, scene, height);
    if (camera.exists) drawPicture(svg, camera);
    else drawLandscape(svg, scene, camera);
    this.placer.begin(width, height);
    if (scene.alertCount > 0) this.placer.block(0, 0, width, 62 * scale);
    this.placer.block(0, height - 44 * scale, width, 44 * scale);
    if (camera.calibrated || !camera.exists) {
      this.drawPath(svg, camera);
      if (!camera.exists) drawVehicle(svg, camera.projection);
      this.drawTracks(svg, scene, camera, scale);
    }
    if (camera.exists) this.drawDetections(svg, scene, camera, scale);
    drawDisplay(svg, scene, camera, scale);
    const wide = min<f64>(width - 24 * scale, 440 * scale);
    drawBanner(svg, scene, (width - wide) * 0.5, 12 * scale, wide, scale);
    closePicture(svg);
  }

  private definePath(svg: SvgWriter, scene: Scene, height: f64): void {
    const colour = scene.alertCount > 0 ? severityColour(scene.alerts[0].severity) : INFO;
    this.path.read(scene);
    svg.text('<defs><linearGradient id="lane" gradientUnits="userSpaceOnUse" x1="0" y1="').at(height);
    svg.text('" x2="0" y2="').at(height * 0.5).text('"><stop offset="0" stop-color="').text(colour).text('" stop-opacity="0.42"/>');
    svg.text('<stop offset="1" stop-color="').text(colour).text('" stop-opacity="0.1"/></linearGradient>');
    svg.text('<linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#101014" stop-opacity="0"/>');
    svg.text('<stop offset="1" stop-color="#101014" stop-opacity="0.85"/></linearGradient></defs>');
  }

  /** The lane as a strip on the road. */
  private drawPath(svg: SvgWriter, camera: Camera): void {
    const pieces = 14;
    let points = 0;
    svg.text('<path d="');
    for (let i = 0; i <= 2 * pieces + 1; i++) {
      const back = i > pieces;
      const step = back ? 2 * pieces + 1 - i : i;
      // Nearer pieces are shorter, since they are larger in the picture.
      const share = <f64>step / <f64>pieces;
      const way = PATH_BEGINS + (this.path.length - PATH_BEGINS) * share * share;
      const left = back ? -HALF_WIDTH : HALF_WIDTH;
      if (!camera.projection.see(this.path.x(way, left), this.path.y(way, left), 0)) continue;
      svg.unit(points++ == 0 ? 0x4d : 0x4c).point(camera.projection.column, camera.projection.row);
    }
    svg.text(points > 2 ? 'Z" fill="url(#lane)"/>' : '" fill="none"/>');
  }

  /** The furthest first, so that near boxes cover far ones; their labels in the opposite order, so that near ones find room. */
  private drawTracks(svg: SvgWriter, scene: Scene, camera: Camera, scale: f64): void {
    let last = Infinity;
    for (let i = 0; i < scene.trackCount; i++) {
      const row = this.furthestBelow(scene, last);
      if (row < 0) break;
      this.box.read(scene, row);
      last = this.box.x;
      if (!this.view.project(this.box, camera)) continue;
      svg.text("<g");
      writeOpacity(svg, this.box);
      svg.unit(0x3e);
      this.view.draw(svg, trackColour(scene, this.box), scene.severityOf(this.box.id) >= 0, scale);
      svg.text("</g>");
    }
    this.blockSmallBoxes(scene, camera);
    for (let pass = 0; pass < 2; pass++) {
      for (let row = 0; row < scene.trackCount; row++) {
        this.box.read(scene, row);
        if (scene.severityOf(this.box.id) >= 0 == (pass == 0)) this.labelTrack(svg, scene, camera, scale);
      }
    }
  }

  /** Labels do not cover what is far away. */
  private blockSmallBoxes(scene: Scene, camera: Camera): void {
    const largest = <f64>camera.width * LARGEST_BLOCKED;
    for (let row = 0; row < scene.trackCount; row++) {
      this.box.read(scene, row);
      const view = this.view;
      if (!view.project(this.box, camera) || view.right - view.left > largest) continue;
      this.placer.block(view.left, view.top, view.right - view.left, view.bottom - view.top);
    }
  }

  private labelTrack(svg: SvgWriter, scene: Scene, camera: Camera, scale: f64): void {
    const view = this.view;
    if (!view.project(this.box, camera)) return;
    const size = 11 * scale;
    distanceLabel(this.box);
    const width = plateWidth(size);
    const left = (view.left + view.right - width) * 0.5;
    const top = view.top - plateHeight(size) - 3 * scale;
    const colour = trackColour(scene, this.box);
    if (this.placer.take(left, top, width, plateHeight(size))) drawPlate(svg, left, top, size, colour);
    else placeBeside(svg, this.placer, view.left, view.top, view.right, view.bottom, size, colour);
  }

  /** What this camera found. In pictures that nothing can be projected into, the tracks' labels hang here. */
  private drawDetections(svg: SvgWriter, scene: Scene, camera: Camera, scale: f64): void {
    for (let i = 0; i < scene.detectionCount; i++) {
      if (scene.detectionSource[i] != CAMERA || scene.detectionSensor[i] != camera.sensor) continue;
      const left = rowValue(scene.detectionValues, i, DetectionAt.LEFT);
      const top = rowValue(scene.detectionValues, i, DetectionAt.TOP);
      const right = rowValue(scene.detectionValues, i, DetectionAt.RIGHT);
      const bottom = rowValue(scene.detectionValues, i, DetectionAt.BOTTOM);
      if (!(right - left >= 2 && bottom - top >= 2)) continue;
      const track = camera.calibrated ? -1 : ownBox(scene, i);
      if (track < 0) {
        drawCorners(svg, left, top, right, bottom, scale, "#f4f4f6");
        continue;
      }
      this.box.read(scene, track);
      const colour = trackColour(scene, this.box);
      drawCorners(svg, left, top, right, bottom, scale, colour);
      distanceLabel(this.box);
      placeBeside(svg, this.placer, left, top, right, bottom, 11 * scale, colour);
    }
  }

  /** The row of the furthest track nearer than some distance, −1 where there is none. */
  private furthestBelow(scene: Scene, limit: f64): i32 {
    let best = -1;
    let far = -Infinity;
    for (let row = 0; row < scene.trackCount; row++) {
      this.box.read(scene, row);
      if (this.box.x < limit && this.box.x > far) {
        best = row;
        far = this.box.x;
      }
    }
    return best;
  }
}

function drawPicture(svg: SvgWriter, camera: Camera): void {
  svg.text('<rect width="').whole(camera.width, 1).text('" height="').whole(camera.height, 1).text('" fill="#1b1b21"/>');
  svg.text('<image href="sensor:').escaped(camera.name).text('" width="').whole(camera.width, 1).text('" height="').whole(camera.height, 1).text('"/>');
}
