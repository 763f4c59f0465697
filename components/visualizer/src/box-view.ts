/** A track's box as a camera sees it: eight corners, the edges between them, and the rectangle around. */
import { Camera } from "./camera";
import { NEAREST, Projection } from "./projection";
import { SvgWriter } from "./svg-writer";
import { TrackBox } from "./track-box";

/** Boxes smaller than this in the picture are not drawn, px. */
const SMALLEST: f64 = 1.5;

export class BoxView {
  /** The rectangle around, clipped to the picture, px. */
  left: f64 = 0;
  top: f64 = 0;
  right: f64 = 0;
  bottom: f64 = 0;
  /** Corners 0 … 3 on the ground as in `TrackBox`, 4 … 7 above them. */
  private columns: StaticArray<f64> = new StaticArray<f64>(8);
  private rows: StaticArray<f64> = new StaticArray<f64>(8);

  /** Returns whether the box shows. Boxes that reach behind the camera do not. */
  project(box: TrackBox, camera: Camera): bool {
    const projection = camera.projection;
    this.left = Infinity;
    this.top = Infinity;
    this.right = -Infinity;
    this.bottom = -Infinity;
    for (let i = 0; i < 8; i++) {
      if (!this.projectCorner(i, box, projection)) return false;
    }
    const width = <f64>camera.width;
    const height = <f64>camera.height;
    if (this.right < 0 || this.left > width || this.bottom < 0 || this.top > height) return false;
    if (this.right - this.left < SMALLEST && this.bottom - this.top < SMALLEST) return false;
    this.left = max<f64>(this.left, 0);
    this.top = max<f64>(this.top, 0);
    this.right = min<f64>(this.right, width);
    this.bottom = min<f64>(this.bottom, height);
    return true;
  }

  /** Draws the box that was projected last: the near side filled, the other edges thin. */
  draw(svg: SvgWriter, colour: string, alerted: bool, scale: f64): void {
    svg.text('<g fill="none" stroke="').text(colour).text('" stroke-linejoin="round"><path stroke-opacity="0.55" stroke-width="').at(1.1 * scale).text('" d="');
    this.move(svg, 3);
    this.line(svg, 2);
    this.line(svg, 6);
    this.line(svg, 7);
    svg.text("Z");
    for (let i = 0; i < 2; i++) {
      this.move(svg, i);
      this.line(svg, 3 - i);
      this.move(svg, i + 4);
      this.line(svg, 7 - i);
    }
    svg.text('"/><path fill="').text(colour).text('" fill-opacity="').text(alerted ? "0.3" : "0.12");
    svg.text('" stroke-width="').at((alerted ? 2.4 : 1.7) * scale).text('" d="');
    this.move(svg, 0);
    this.line(svg, 1);
    this.line(svg, 5);
    this.line(svg, 4);
    svg.text('Z"/></g>');
  }

  private projectCorner(i: i32, box: TrackBox, projection: Projection): bool {
    const ground = i & 3;
    if (!projection.see(box.cornerX(ground), box.cornerY(ground), i >= 4 ? box.height : 0)) return false;
    if (projection.depth < NEAREST * 3) return false;
    unchecked(this.columns[i] = projection.column);
    unchecked(this.rows[i] = projection.row);
    this.left = min<f64>(this.left, projection.column);
    this.right = max<f64>(this.right, projection.column);
    this.top = min<f64>(this.top, projection.row);
    this.bottom = max<f64>(this.bottom, projection.row);
    return true;
  }

  private move(svg: SvgWriter, corner: i32): void {
    svg.unit(0x4d).point(unchecked(this.columns[corner]), unchecked(this.rows[corner]));
  }

  private line(svg: SvgWriter, corner: i32): void {
    svg.unit(0x4c).point(unchecked(this.columns[corner]), unchecked(this.rows[corner]));
  }
}
