/** What is written around the view from above: speed, time, and what the marks mean. */
import { Scene } from "./scene";
import { ACCENT, BACKGROUND, INFO, MUTED, POINTS, SUCCESS, TEXT, closeText, openText, writeText, writeTime } from "./style";
import { SvgWriter } from "./svg-writer";

export function drawFrame(svg: SvgWriter, scene: Scene): void {
  svg.text('<rect width="480" height="70" fill="url(#shade)"/>');
  drawSpeed(svg, scene);
  openText(svg, 464, 25, 14, TEXT, "end", false);
  writeTime(svg, scene.timeUs);
  closeText(svg);
  openText(svg, 464, 42, 11, MUTED, "end", false);
  svg.whole(scene.trackCount, 1).text(scene.trackCount == 1 ? " track" : " tracks");
  closeText(svg);
  drawLegend(svg);
}

/** The vehicle's speed, large. */
export function drawSpeed(svg: SvgWriter, scene: Scene): void {
  openText(svg, 16, 36, 28, TEXT, "start", true);
  if (isNaN(scene.speed)) svg.text("–");
  else svg.number(max<f64>(scene.speed, 0) * 3.6, 0, false);
  const letters = isNaN(scene.speed) ? 1 : scene.speed * 3.6 >= 99.5 ? 3 : scene.speed * 3.6 >= 9.5 ? 2 : 1;
  closeText(svg);
  writeText(svg, 16 + <f64>letters * 19.6 + 6, 36, 12, MUTED, "start", "km/h");
}

function drawLegend(svg: SvgWriter): void {
  svg.text('<rect y="690" width="480" height="30" fill="').text(BACKGROUND).text('" fill-opacity="0.9"/>');
  svg.text('<path d="M0 690H480" stroke="#2c2c34" stroke-width="1"/>');
  svg.text('<g font-size="10.5" fill="').text(MUTED).text('">');
  svg.text('<g fill="').text(POINTS).text('"><circle cx="19" cy="708" r="1.5"/><circle cx="24" cy="703.5" r="1.5"/><circle cx="26" cy="709" r="1.5"/></g>');
  svg.text('<text x="33" y="709">lidar</text>');
  svg.text('<path d="M84 701.4l3.8 3.8l-3.8 3.8l-3.8 -3.8Z" fill="').text(SUCCESS).text('" fill-opacity="0.25" stroke="').text(SUCCESS).text('"/>');
  svg.text('<text x="94" y="709">radar</text>');
  svg.text('<path d="M148 700.8l4.2 7.4h-8.4Z" fill="none" stroke="').text(ACCENT).text('"/><text x="158" y="709">camera</text>');
  svg.text('<rect x="219" y="700" width="12" height="10" rx="1" fill="').text(INFO).text('" fill-opacity="0.26" stroke="').text(INFO).text('"/>');
  svg.text('<text x="237" y="709">track</text>');
  svg.text('<path d="M285 705h17m-4.5 -3.4l4.5 3.4l-4.5 3.4" fill="none" stroke="').text(INFO).text('" stroke-width="1.6" stroke-linecap="round"/>');
  svg.text('<text x="308" y="709">velocity</text>');
  svg.text('<path d="M389 702v6h75v-6" fill="none" stroke="').text(MUTED).text('"/><text x="426.5" y="704" text-anchor="middle">10 m</text></g>');
}
