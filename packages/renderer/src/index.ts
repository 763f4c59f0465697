export { cameraImage, type EncodedImage } from "./camera-image.ts";
export { RenderError } from "./errors.ts";
export type { Canvas, DrawOp, Image, Picture, Rect, Rgba } from "./picture.ts";
export { dataUri, inlineCameras, pictureToSvg } from "./picture-to-svg.ts";
export { rasterise } from "./rasterise.ts";
export { escapeText, type SanitisedSvg, type SanitiseOptions, sanitiseSvg } from "./sanitise-svg.ts";
