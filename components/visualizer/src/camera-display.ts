/** The line along the lower edge of the camera's picture: speed and time. */
import { Camera } from "./camera";
import { Scene } from "./scene";
import { MUTED, TEXT, closeText, openText, writeTime } from "./style";
import { SvgWriter } from "./svg-writer";

export function drawDisplay(svg: SvgWriter, scene: Scene, camera: Camera, scale: f64): void {
  const width = <f64>camera.width;
  const bottom = <f64>camera.height;
  svg.text('<rect y="').at(bottom - 56 * scale).text('" width="').at(width).text('" height="').at(56 * scale).text('" fill="url(#shade)"/>');
  const known = !isNaN(scene.speed);
  const kmh = known ? max<f64>(scene.speed, 0) * 3.6 : 0;
  const letters = !known || kmh < 9.5 ? 1 : kmh < 99.5 ? 2 : 3;
  openText(svg, 14 * scale, bottom - 13 * scale, 25 * scale, TEXT, "start", true);
  if (known) svg.number(kmh, 0, false);
  else svg.text("–");
  closeText(svg);
  openText(svg, (20 + <f64>letters * 17.5) * scale, bottom - 13 * scale, 11 * scale, "#c9c9d0", "start", false);
  svg.text("km/h");
  closeText(svg);
  openText(svg, width - 14 * scale, bottom - 13 * scale, 12.5 * scale, TEXT, "end", false);
  writeTime(svg, scene.timeUs);
  closeText(svg);
  if (camera.exists) return;
  openText(svg, width * 0.5, bottom - 13 * scale, 11 * scale, MUTED, "middle", false);
  svg.text("no camera in this drive");
  closeText(svg);
}
