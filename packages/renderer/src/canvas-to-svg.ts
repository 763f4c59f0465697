import type { Canvas, DrawOp, Rgba } from "./picture.ts";
import { escapeText } from "./sanitise-svg.ts";

const MOST_OPS = 100_000;

/** A canvas as an SVG document that shows the same. Operations beyond the first 100,000 are left out. */
export function canvasToSvg(canvas: Canvas): string {
  const { width, height } = canvas;
  const body = canvas.ops.slice(0, MOST_OPS).map(opToSvg).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
}

function opToSvg(op: DrawOp): string {
  switch (op.tag) {
    case "fill-rect": {
      const [rect, color] = op.val;
      return `<rect x="${n(rect.x)}" y="${n(rect.y)}" width="${n(rect.width)}" height="${n(rect.height)}"${paint("fill", color)}/>`;
    }
    case "polyline": {
      const name = op.val.closed ? "polygon" : "polyline";
      return `<${name} points="${points(op.val.points)}" fill="none" stroke-width="${n(op.val.width)}"${paint("stroke", op.val.color)}/>`;
    }
    case "polygon":
      return `<polygon points="${points(op.val.points)}"${paint("fill", op.val.color)}/>`;
    case "circle":
      return `<circle cx="${n(op.val.x)}" cy="${n(op.val.y)}" r="${n(op.val.radius)}"${paint("fill", op.val.color)}/>`;
    case "text": {
      const { x, y, size, anchor, color, content } = op.val;
      return `<text x="${n(x)}" y="${n(y)}" font-family="DejaVu Sans" font-size="${n(size)}" text-anchor="${anchor}"${paint("fill", color)}>${escapeText(content)}</text>`;
    }
  }
}

/** A number as SVG knows it; what is not finite becomes 0. */
function n(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 1000) / 1000) : "0";
}

function points(values: Float32Array): string {
  return Array.from(values, n).join(" ");
}

function paint(attribute: "fill" | "stroke", { r, g, b, a }: Rgba): string {
  const opacity = a === 255 ? "" : ` ${attribute}-opacity="${n(a / 255)}"`;
  return ` ${attribute}="rgb(${r},${g},${b})"${opacity}`;
}
