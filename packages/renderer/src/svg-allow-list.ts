/**
 * What an SVG from a component may contain; all else is left out. Nothing here can run, load or style anything outside itself, and
 * nothing repeats what stands elsewhere in the document (`use`, `symbol`, `pattern`, `mask`, `marker`): nested, those multiply the work of
 * drawing without bound.
 */

export const ALLOWED_ELEMENTS: ReadonlySet<string> = new Set([
  ...["svg", "g", "defs", "title", "desc"],
  ...["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"],
  ...["text", "tspan", "image"],
  ...["linearGradient", "radialGradient", "stop", "clipPath"],
]);

/** Elements in which text counts; elsewhere it is left out. */
export const TEXT_ELEMENTS: ReadonlySet<string> = new Set(["text", "tspan", "title", "desc"]);

export const ALLOWED_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...["id", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx", "dy"],
  ...[
    "width",
    "height",
    "d",
    "points",
    "pathLength",
    "viewBox",
    "preserveAspectRatio",
    "transform",
    "version",
  ],
  ...[
    "fill",
    "fill-opacity",
    "fill-rule",
    "clip-rule",
    "color",
    "opacity",
    "display",
    "visibility",
    "overflow",
  ],
  ...["stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit"],
  ...[
    "stroke-dasharray",
    "stroke-dashoffset",
    "vector-effect",
    "paint-order",
    "shape-rendering",
    "text-rendering",
  ],
  ...[
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "letter-spacing",
  ],
  ...["textLength", "lengthAdjust", "rotate", "xml:space", "image-rendering"],
  ...["offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod"],
  ...["clip-path", "clipPathUnits"],
]);

/** A reference inside the document: `url(#name)`. */
const LOCAL_REFERENCE = /^url\(\s*#[A-Za-z_][\w.-]*\s*\)$/;

/** Whether an attribute's value refers to nothing outside the document. */
export function isSafeValue(value: string): boolean {
  if (/url\s*\(/i.test(value)) return LOCAL_REFERENCE.test(value.trim());
  return !/(javascript|data|vbscript)\s*:/i.test(value) && !value.includes("\\");
}

/** What an `href` may be: a place in the document, or (on an image) a sensor. */
export function hrefKind(value: string): "local" | "sensor" | undefined {
  if (/^#[A-Za-z_][\w.-]*$/.test(value)) return "local";
  if (value.startsWith("sensor:")) return "sensor";
  return undefined;
}
