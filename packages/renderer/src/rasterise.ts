import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createCanvas, GlobalFonts, loadImage } from "@napi-rs/canvas";
import { RenderError } from "./errors.ts";
import type { SanitisedSvg } from "./sanitise-svg.ts";

const LARGEST_SIDE = 8192;
let fontsReady = false;

/** Letters must look the same on a machine without fonts: ours are registered once per process. */
function registerFonts(): void {
  if (fontsReady) return;
  fontsReady = true;
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")),
    "ttf",
  );
  for (const file of ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"])
    GlobalFonts.registerFromPath(
      join(folder, file),
      file.startsWith("DejaVuSansMono") ? "DejaVu Sans Mono" : "DejaVu Sans",
    );
}

/**
 * Draws a safe SVG document as PNG, one pixel per unit.
 * @throws RenderError `too-large` beyond 8192 pixels a side, `malformed-svg` when it cannot be drawn
 */
export async function rasterise(document: SanitisedSvg): Promise<Uint8Array> {
  registerFonts();
  const [width, height] = [Math.ceil(document.width), Math.ceil(document.height)];
  if (width > LARGEST_SIDE || height > LARGEST_SIDE)
    throw new RenderError(
      "too-large",
      `picture: expected at most ${LARGEST_SIDE} pixels a side, found ${width} × ${height}`,
    );
  try {
    const image = await loadImage(Buffer.from(document.svg));
    const canvas = createCanvas(width, height);
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    return await canvas.encode("png");
  } catch (error) {
    throw new RenderError(
      "malformed-svg",
      `picture: cannot be drawn: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
