/** Provides `playhead:sim/view`: the view from above, and the camera's picture. */
import { List, allocate, chars, newList, reallocate } from "../../generated/visualizer/runtime";
import { Picture, PictureOrString, ViewInfo } from "../../generated/visualizer/view";
import { BirdsEye } from "./birds-eye";
import { CameraView } from "./camera-view";
import { camera, scene } from "./component";
import { SvgWriter } from "./svg-writer";

const BIRDS_EYE: u32 = 0;
const CAMERA: u32 = 1;

/** Writes into the arena, so that nothing of a picture stays in memory between the steps. */
class ArenaWriter extends SvgWriter {
  protected obtain(pointer: usize, units: i32): usize {
    return allocate(<usize>units << 1, 2);
  }

  protected enlarge(pointer: usize, from: i32, to: i32): usize {
    return reallocate(pointer, <usize>from << 1, 2, <usize>to << 1);
  }
}

const svg = new ArenaWriter(40 * 1024);
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
