/** Colours and letters of the pictures. */
import { CLASS_CAR, CLASS_TRUCK, isVulnerable } from "../../lib/perception-rows";
import { SvgWriter } from "./svg-writer";

export const BACKGROUND: string = "#15151a";
export const PAPER: string = "#27272b";
export const TEXT: string = "#e1e1e4";
export const MUTED: string = "#a7a6af";
export const DIVIDER: string = "#585861";
export const ACCENT: string = "#ef833a";
export const ERROR: string = "#f54966";
export const WARNING: string = "#eba800";
export const SUCCESS: string = "#92c353";
export const INFO: string = "#29bee7";

/** Of people: none of the colours that alerts have. */
export const PEOPLE: string = "#b794f4";
/** Of lidar points, and of things that nobody has named. */
export const POINTS: string = "#8b93a7";
export const UNNAMED: string = "#b9b8c4";

export function classColour(kind: i32): string {
  if (kind == CLASS_CAR || kind == CLASS_TRUCK) return INFO;
  return isVulnerable(kind) ? PEOPLE : UNNAMED;
}

/** 0 caution, 1 warning, 2 critical. */
export function severityColour(severity: i32): string {
  return severity == 2 ? ERROR : severity == 1 ? ACCENT : WARNING;
}

/** Width of what a writer holds, in units of the letters' size (DejaVu Sans). */
export function widthOf(content: SvgWriter): f64 {
  let width: f64 = 0;
  for (let i = 0; i < content.length; i++) width += widthOfLetter(load<u16>(content.pointer + (<usize>i << 1)));
  return width;
}

function widthOfLetter(code: u16): f64 {
  if (code >= 0x30 && code <= 0x39) return 0.636;
  if (code == 0x20 || code == 0xb7 || code == 0x2e || code == 0x2f || code == 0x2d) return 0.33;
  return code == 0x6d ? 0.974 : 0.61;
}

/** Begins a `text` element. Its content and `closeText` follow. `anchor` is start, middle or end. */
export function openText(svg: SvgWriter, x: f64, y: f64, size: f64, colour: string, anchor: string, bold: bool): void {
  svg.text('<text x="').at(x).text('" y="').at(y).text('" font-size="').at(size).text('" fill="').text(colour);
  if (anchor != "start") svg.text('" text-anchor="').text(anchor);
  svg.text(bold ? '" font-weight="bold">' : '">');
}

export function closeText(svg: SvgWriter): void {
  svg.text("</text>");
}

/** A line of text. */
export function writeText(svg: SvgWriter, x: f64, y: f64, size: f64, colour: string, anchor: string, content: string): void {
  openText(svg, x, y, size, colour, anchor, false);
  svg.escaped(content);
  closeText(svg);
}

/** Begins the document: everything is in the one font. */
export function openPicture(svg: SvgWriter, width: i32, height: i32): void {
  svg.reset();
  svg.text('<svg xmlns="http://www.w3.org/2000/svg" width="').whole(width, 1).text('" height="').whole(height, 1);
  svg.text('" viewBox="0 0 ').whole(width, 1).unit(0x20).whole(height, 1).text('" font-family="DejaVu Sans">');
}

export function closePicture(svg: SvgWriter): void {
  svg.text("</svg>");
}

/** The time of day in UTC, `21:54:05.300`. */
export function writeTime(svg: SvgWriter, timeUs: i64): void {
  const dayUs: i64 = 86_400_000_000;
  let rest = timeUs % dayUs;
  if (rest < 0) rest += dayUs;
  const milliseconds = <u64>rest / 1000;
  svg.whole(milliseconds / 3_600_000, 2).unit(0x3a);
  svg.whole((milliseconds / 60_000) % 60, 2).unit(0x3a);
  svg.whole((milliseconds / 1000) % 60, 2).unit(0x2e);
  svg.whole(milliseconds % 1000, 3);
}
