import { cameraImage, type EncodedImage, rgbaToPng } from "./camera-image.ts";
import { canvasToSvg } from "./canvas-to-svg.ts";
import { RenderError } from "./errors.ts";
import type { Image, Picture } from "./picture.ts";
import { type SanitisedSvg, type SanitiseOptions, sanitiseSvg } from "./sanitise-svg.ts";

/**
 * Any picture as a safe SVG document.
 * @throws RenderError when the picture is malformed or too large
 */
export function pictureToSvg(picture: Picture, options: SanitiseOptions = {}): SanitisedSvg {
  if (picture.tag === "svg") return sanitiseSvg(picture.val, options);
  const { width, height } = picture.val;
  if (picture.tag === "canvas") return { svg: canvasToSvg(picture.val), width, height, removed: [] };
  const href = dataUri(encodedImage(picture.val));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="${href}"/></svg>`;
  return { svg, width, height, removed: [] };
}

function encodedImage(image: Image): EncodedImage {
  if (image.format === "png") return { mime: "image/png", data: image.data };
  if (image.format === "jpeg") return { mime: "image/jpeg", data: image.data };
  const expected = image.width * image.height * 4;
  if (image.data.length !== expected || expected === 0)
    throw new RenderError(
      "bad-image",
      `rgba8 image ${image.width} × ${image.height}: expected ${expected} bytes, found ${image.data.length}`,
    );
  return rgbaToPng(new Uint8ClampedArray(image.data), image.width, image.height);
}

/** An image as a `data:` URI. */
export function dataUri(image: EncodedImage): string {
  return `data:${image.mime};base64,${Buffer.from(image.data).toString("base64")}`;
}

/** Looks up `sensor:` images among camera payloads and puts them into the document. A payload that is no picture is left out. */
export function inlineCameras(payloadOf: (sensor: string) => Uint8Array | undefined): SanitiseOptions {
  return {
    imageHref: (sensor) => {
      const payload = payloadOf(sensor);
      if (payload === undefined) return undefined;
      try {
        return dataUri(cameraImage(payload));
      } catch (error) {
        if (error instanceof RenderError) return undefined;
        throw error;
      }
    },
  };
}
