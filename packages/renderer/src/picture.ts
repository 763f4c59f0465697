/** What a component draws; the mapping of `playhead:sim/view.picture`. */
export type Picture =
  | { readonly tag: "svg"; readonly val: string }
  | { readonly tag: "canvas"; readonly val: Canvas }
  | { readonly tag: "image"; readonly val: Image };

export interface Canvas {
  /** px */
  readonly width: number;
  readonly height: number;
  readonly ops: readonly DrawOp[];
}

export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type DrawOp =
  | { readonly tag: "fill-rect"; readonly val: readonly [Rect, Rgba] }
  | { readonly tag: "polyline"; readonly val: Polyline }
  | { readonly tag: "polygon"; readonly val: { readonly points: Float32Array; readonly color: Rgba } }
  | { readonly tag: "circle"; readonly val: { x: number; y: number; radius: number; color: Rgba } }
  | { readonly tag: "text"; readonly val: CanvasText };

interface Polyline {
  readonly points: Float32Array;
  readonly color: Rgba;
  readonly width: number;
  readonly closed: boolean;
}

interface CanvasText {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  readonly color: Rgba;
  readonly content: string;
}

export interface Image {
  /** px */
  readonly width: number;
  readonly height: number;
  readonly format: "png" | "jpeg" | "rgba8";
  readonly data: Uint8Array;
}
