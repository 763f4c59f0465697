import { SaxesParser, type SaxesTagPlain } from "saxes";
import { RenderError } from "./errors.ts";
import {
  ALLOWED_ATTRIBUTES,
  ALLOWED_ELEMENTS,
  hrefKind,
  isSafeValue,
  TEXT_ELEMENTS,
} from "./svg-allow-list.ts";

const LARGEST_BYTES = 8 * 1024 * 1024;
const DEEPEST = 64;
const MOST_ELEMENTS = 100_000;
const MOST_IMAGES = 16;
/** Clip paths are united and cut exactly, which takes time beyond all proportion for long or many ones. */
const MOST_CLIP_PARTS = 16;
const MOST_CLIPS = 256;
const CLIP_PARTS: ReadonlySet<string> = new Set(["rect", "circle", "ellipse"]);
/** A dashed line may have a million dashes, each drawn: few of them, and none by inheritance. */
const MOST_DASHED = 256;
const DASHED: ReadonlySet<string> = new Set([...CLIP_PARTS, "path", "line", "polyline", "polygon"]);
/** Of the result, with the pictures put in. */
const LARGEST_RESULT = 32 * 1024 * 1024;

export interface SanitiseOptions {
  /**
   * What stands for `<image href="sensor:NAME">`: an URL or data URI, or undefined to leave the image out. Asked once for each sensor.
   * Without this, all such images are left out.
   */
  readonly imageHref?: (sensor: string) => string | undefined;
}

export interface SanitisedSvg {
  readonly svg: string;
  /** px, from `width` and `height`, else from the view box. */
  readonly width: number;
  readonly height: number;
  /** What was left out, each kind once, in the order of appearance: `<script>`, `onclick`, … */
  readonly removed: readonly string[];
}

/**
 * Writes an SVG document anew from what the allow-list knows. Scripts, styles, foreign objects, event handlers, references to the outside,
 * entities and processing instructions never come through.
 *
 * @throws RenderError `malformed-svg` with line and column, or `too-large`
 */
export function sanitiseSvg(text: string, options: SanitiseOptions = {}): SanitisedSvg {
  if (text.length > LARGEST_BYTES)
    throw new RenderError(
      "too-large",
      `SVG: expected at most ${LARGEST_BYTES} characters, found ${text.length}`,
    );
  const writer = new SafeWriter(options);
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw new RenderError("malformed-svg", `SVG ${error.message}`);
  });
  parser.on("doctype", () => writer.leaveOut("<!DOCTYPE>"));
  parser.on("processinginstruction", () => writer.leaveOut("<?…?>"));
  parser.on("opentag", (tag) => writer.open(tag));
  parser.on("closetag", (tag) => writer.close(tag.name));
  parser.on("text", (content) => writer.text(content));
  parser.on("cdata", (content) => writer.text(content));
  parser.write(text).close();
  return writer.finish();
}

class SafeWriter {
  readonly #options: SanitiseOptions;
  readonly #parts: string[] = [];
  readonly #removed = new Set<string>();
  /** Names of the open elements that are written. */
  readonly #stack: string[] = [];
  /** How deep inside an element that is left out. */
  #skipped = 0;
  #elements = 0;
  #images = 0;
  #clips = 0;
  #clipParts = 0;
  #dashed = 0;
  /** Characters written. */
  #length = 0;
  readonly #hrefs = new Map<string, string | undefined>();
  #size = { width: 0, height: 0 };

  constructor(options: SanitiseOptions) {
    this.#options = options;
  }

  leaveOut(what: string): void {
    if (this.#removed.size < 64) this.#removed.add(what);
  }

  open(tag: SaxesTagPlain): void {
    if (++this.#elements > MOST_ELEMENTS)
      throw new RenderError("too-large", `SVG: expected at most ${MOST_ELEMENTS} elements`);
    if (this.#skipped > 0 || !this.#mayOpen(tag)) {
      if (this.#skipped === 0) this.leaveOut(`<${tag.name}>`);
      this.#skipped++;
      return;
    }
    const attributes = this.#attributes(tag);
    if (attributes === undefined) {
      this.#skipped++;
      return;
    }
    if (this.#stack.length === 0) this.#size = sizeOf(tag.attributes);
    if (this.#stack.length >= DEEPEST)
      throw new RenderError("too-large", `SVG: expected elements at most ${DEEPEST} deep`);
    const namespace = this.#stack.length === 0 ? ' xmlns="http://www.w3.org/2000/svg"' : "";
    this.#write(`<${tag.name}${namespace}${attributes}>`);
    this.#stack.push(tag.name);
  }

  close(name: string): void {
    if (this.#skipped > 0) this.#skipped--;
    else if (this.#stack.pop() === name) this.#write(`</${name}>`);
  }

  text(content: string): void {
    const parent = this.#stack.at(-1);
    if (this.#skipped === 0 && parent !== undefined && TEXT_ELEMENTS.has(parent))
      this.#write(escapeText(content));
  }

  finish(): SanitisedSvg {
    const svg = this.#parts.join("");
    if (svg === "")
      throw new RenderError("malformed-svg", "SVG: expected the root element <svg>, found none");
    return { svg, ...this.#size, removed: [...this.#removed] };
  }

  #write(part: string): void {
    this.#length += part.length;
    if (this.#length > LARGEST_RESULT)
      throw new RenderError(
        "too-large",
        `SVG: expected at most ${LARGEST_RESULT} characters with its pictures, found more`,
      );
    this.#parts.push(part);
  }

  #mayOpen(tag: SaxesTagPlain): boolean {
    if (this.#parts.length === 0 && tag.name !== "svg")
      throw new RenderError("malformed-svg", `SVG: expected the root element <svg>, found <${tag.name}>`);
    if (tag.name === "image" && ++this.#images > MOST_IMAGES) return false;
    if (this.#stack.includes("clipPath"))
      return CLIP_PARTS.has(tag.name) && ++this.#clipParts <= MOST_CLIP_PARTS;
    return ALLOWED_ELEMENTS.has(tag.name);
  }

  /** The attributes as text; undefined where the element means nothing without what was refused. */
  #attributes(tag: SaxesTagPlain): string | undefined {
    let text = "";
    for (const [name, value] of Object.entries(tag.attributes)) {
      if (name === "xmlns" || name.startsWith("xmlns:")) continue;
      if (name === "href" || name === "xlink:href") {
        const href = this.#href(tag.name, value);
        if (href === undefined) return undefined;
        text += ` href="${escapeAttribute(href)}"`;
      } else if (ALLOWED_ATTRIBUTES.has(name) && isSafeValue(value) && this.#mayHave(tag.name, name))
        text += ` ${name}="${escapeAttribute(value)}"`;
      else this.leaveOut(name);
    }
    return text;
  }

  /** Attributes that are costly to draw: only where they mean most, and only so many. */
  #mayHave(element: string, attribute: string): boolean {
    if (attribute === "stroke-dasharray") return DASHED.has(element) && ++this.#dashed <= MOST_DASHED;
    if (attribute !== "clip-path") return true;
    return element !== "clipPath" && !this.#stack.includes("clipPath") && ++this.#clips <= MOST_CLIPS;
  }

  #href(element: string, value: string): string | undefined {
    const kind = hrefKind(value);
    if (kind === "local" && element !== "image") return value;
    if (kind === "sensor" && element === "image") return this.#sensorHref(value.slice("sensor:".length));
    this.leaveOut(`<${element} href="${value.slice(0, 32)}">`);
    return undefined;
  }

  #sensorHref(sensor: string): string | undefined {
    if (!this.#hrefs.has(sensor)) this.#hrefs.set(sensor, this.#options.imageHref?.(sensor));
    return this.#hrefs.get(sensor);
  }
}

function sizeOf(attributes: Record<string, string>): { width: number; height: number } {
  const box = (attributes.viewBox ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = lengthOf(attributes.width) ?? box[2];
  const height = lengthOf(attributes.height) ?? box[3];
  return { width: finite(width, 300), height: finite(height, 150) };
}

function lengthOf(text: string | undefined): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(text ?? "");
  return match === null ? undefined : Number(match[1]);
}

/** SVG's default size stands in where none is given. */
function finite(value: number | undefined, fallback: number): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : fallback;
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;");
}
