/**
 * What a component draws, in the JavaScript mapping of `playhead:sim/view.picture`. The simulation hashes and records it and does
 * not look inside: that is the renderer's business.
 */
export interface Picture {
  readonly tag: "svg" | "canvas" | "image";
  readonly val: unknown;
}

/**
 * A picture as JSON: what is recorded and hashed. Numbers are written in JavaScript's shortest form, which the language defines
 * exactly; lists of f32 become arrays, bytes base64.
 */
export function pictureToJson(picture: Picture): string {
  return JSON.stringify(picture, (_key, value: unknown) => {
    if (value instanceof Float32Array) return Array.from(value);
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    return value;
  });
}
