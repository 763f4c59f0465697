/** The camera whose pictures are drawn over: its name, size and calibration; or, without one, an imagined one above the vehicle. */
import { numberIn } from "../../lib/settings";
import { PictureSize } from "./picture-size";
import { Projection } from "./projection";

const USUAL_WIDTH: i32 = 640;
const USUAL_HEIGHT: i32 = 360;
/** Of the imagined camera: px for a width of 640, m, rad. */
const IMAGINED_FOCAL: f64 = 620;
const IMAGINED_BACK: f64 = -26;
const IMAGINED_HEIGHT: f64 = 7.5;
const IMAGINED_PITCH: f64 = 0.15;

export class Camera {
  /** The sensor's name; empty where there is no camera. */
  name: string = "";
  /** Its handle, where there is one. */
  sensor: u32 = 0;
  width: i32 = USUAL_WIDTH;
  height: i32 = USUAL_HEIGHT;
  /** Whether the recording says how it is mounted and what it sees, so that things can be projected into its pictures. */
  calibrated: bool = false;
  readonly projection: Projection = new Projection();
  private sized: bool = false;

  constructor() {
    const projection = this.projection;
    projection.focalX = IMAGINED_FOCAL;
    projection.focalY = IMAGINED_FOCAL;
    projection.centreX = <f64>USUAL_WIDTH * 0.5;
    projection.centreY = <f64>USUAL_HEIGHT * 0.5;
    projection.mount.set(IMAGINED_BACK, 0, IMAGINED_HEIGHT, 0, IMAGINED_PITCH, 0);
  }

  get exists(): bool {
    return this.name.length > 0;
  }

  /** Takes a camera of the recording with what is said about it. */
  choose(name: string, sensor: u32, metadata: Map<string, string>): void {
    this.name = name;
    this.sensor = sensor;
    const projection = this.projection;
    projection.focalX = numberIn(metadata, "camera.fx", 0);
    projection.focalY = numberIn(metadata, "camera.fy", projection.focalX);
    this.calibrated = projection.focalX > 0 && projection.focalY > 0 && metadata.has("mount.z");
    projection.centreX = numberIn(metadata, "camera.cx", NaN);
    projection.centreY = numberIn(metadata, "camera.cy", NaN);
    projection.mount.read(metadata, 0, 0, 1.3);
  }

  /** Learns the size from a reading's payload, once. */
  measure(payload: usize, length: i32): void {
    if (this.sized) return;
    const size = new PictureSize();
    if (!size.read(payload, length)) return;
    this.sized = true;
    this.width = size.width;
    this.height = size.height;
    const projection = this.projection;
    if (isNaN(projection.centreX)) projection.centreX = <f64>size.width * 0.5;
    if (isNaN(projection.centreY)) projection.centreY = <f64>size.height * 0.5;
  }

  /** Whether pictures may be drawn over: the size is known. */
  get ready(): bool {
    return this.sized;
  }
}
