/** The visualizer: draws what the sensors see and what the other components make of it. It publishes nothing. */
import { OkOrString, TupleStringString } from "../../generated/visualizer/component";
import { List } from "../../generated/visualizer/runtime";
import { Camera } from "./camera";
import { Capture } from "./capture";
import { Scene } from "./scene";

export const scene: Scene = new Scene();
export const camera: Camera = new Camera();

const capture = new Capture();

/** `camera`: the name of the camera that is drawn over; the first one unless it is given. */
export function init(configuration: List<TupleStringString>): OkOrString {
  let cameraName = "";
  for (let i = 0; i < configuration.length; i++) {
    const key = configuration[i].f0;
    if (key != "camera") return OkOrString.err("unknown setting \"" + key + "\": camera is known");
    cameraName = configuration[i].f1;
  }
  capture.connect(camera, cameraName);
  if (cameraName.length > 0 && !camera.exists) return OkOrString.err("camera: the recording has no camera \"" + cameraName + "\"");
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  capture.step(now, scene, camera);
  return OkOrString.ok();
}
