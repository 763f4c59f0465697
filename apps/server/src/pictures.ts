import { inlineCameras, type Picture, pictureToSvg, type SanitisedSvg } from "@playhead/renderer";
import type { ViewFrame } from "@playhead/simulator";

/**
 * A view as a safe SVG document with the cameras' pictures inside.
 * @throws RenderError when the component drew something that cannot be shown
 */
export function viewSvg(view: ViewFrame): SanitisedSvg {
  return pictureToSvg(
    view.picture as Picture,
    inlineCameras((sensor) => view.cameras.get(sensor)?.payload),
  );
}
