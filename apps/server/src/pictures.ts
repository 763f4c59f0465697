import {
  cameraImage,
  type EncodedImage,
  inlineCameras,
  type Picture,
  pictureToSvg,
  type SanitisedSvg,
} from "@playhead/renderer";
import type { Frame } from "@playhead/simulator";

/**
 * A view of the frame as a safe SVG document with the cameras' pictures inside; undefined where there is no such view.
 * @throws RenderError when the component drew something that cannot be shown
 */
export function viewSvg(frame: Frame, name: string): SanitisedSvg | undefined {
  const view = frame.views.find((candidate) => candidate.name === name);
  if (view === undefined) return undefined;
  return pictureToSvg(
    view.picture as Picture,
    inlineCameras((sensor) => view.cameras.get(sensor)?.payload),
  );
}

/**
 * The last picture of a camera; undefined where there is none.
 * @throws RenderError when its payload is no picture
 */
export function cameraPicture(frame: Frame, sensor: string): EncodedImage | undefined {
  const reading = frame.cameras.get(sensor);
  return reading === undefined ? undefined : cameraImage(reading.payload);
}
