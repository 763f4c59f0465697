/** Provides `playhead:sim/view`: the view from above, and the camera's picture. */
import { List, chars, newList } from "../../generated/visualizer/runtime";
import { Picture, PictureOrString, ViewInfo } from "../../generated/visualizer/view";
import { BirdsEye } from "./birds-eye";
import { CameraView } from "./camera-view";
import { camera, scene } from "./component";
import { SvgWriter } from "./svg-writer";

const BIRDS_EYE: u32 = 0;
const CAMERA: u32 = 1;

const svg = new SvgWriter(48 * 1024);
const birdsEye = new BirdsEye();
const cameraView = new CameraView();

export function listViews(): List<ViewInfo> {
  const list = newList<ViewInfo>(2);
  list[BIRDS_EYE].name = "birds-eye";
  list[BIRDS_EYE].title = "Bird's-eye view";
  list[CAMERA].name = "camera";
  list[CAMERA].title = "Camera";
  return list;
}

export function render(view: u32, now: i64): PictureOrString {
  if (view == BIRDS_EYE) birdsEye.draw(svg, scene);
  else if (view == CAMERA) cameraView.draw(svg, scene, camera);
  else return PictureOrString.err("there is no view " + view.toString());
  return PictureOrString.ok(Picture.svgChars(chars(svg.pointer, svg.length)));
}
