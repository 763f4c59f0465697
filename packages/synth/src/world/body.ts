/** What a body is, as it looks. */
export type BodyKind =
  | "car"
  | "van"
  | "truck"
  | "pedestrian"
  | "tree"
  | "lamp"
  | "sign"
  | "bollard"
  | "building";

/** What a body is to a driver-assistance system: `static` is scenery. */
export type TruthClass = "car" | "truck" | "pedestrian" | "static";

/** Red, green, blue, 0 … 255. */
export type Colour = readonly [number, number, number];

/** Something that stands, drives or walks in the world. The origin of its frame is on the ground below its middle, x ahead. */
export interface Body {
  /** From 1, unique in the drive. */
  readonly id: number;
  readonly kind: BodyKind;
  /** m along x, y, z */
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** Paint, jacket, leaves, wall. */
  readonly colour: Colour;
  /** Trousers, roof. */
  readonly second: Colour;
  /** A random number from 0 to 1 for whatever else differs between two of a kind. */
  readonly variety: number;
}

/** A part of a body that stops rays: a box with sides along the body's axes, or an upright cylinder. */
export type Solid =
  | {
      readonly shape: "box";
      readonly fromX: number;
      readonly toX: number;
      /** Half the width; the box is centred on y = 0. */
      readonly halfY: number;
      readonly fromZ: number;
      readonly toZ: number;
      /** Share of laser light that comes back, 0 … 1. */
      readonly albedo: number;
      /** Share of rays that get lost in it, 0 … 1. */
      readonly porosity: number;
    }
  | {
      readonly shape: "cylinder";
      readonly radius: number;
      readonly fromZ: number;
      readonly toZ: number;
      readonly albedo: number;
      readonly porosity: number;
    };

const truthClasses: Readonly<Record<BodyKind, TruthClass>> = {
  car: "car",
  van: "car",
  truck: "truck",
  pedestrian: "pedestrian",
  tree: "static",
  lamp: "static",
  sign: "static",
  bollard: "static",
  building: "static",
};

export function truthClassOf(kind: BodyKind): TruthClass {
  return truthClasses[kind];
}

/** What rays of lidar and radar meet. */
export function solidsOf(body: Body): readonly Solid[] {
  const { length, height } = body;
  const paint = 0.25 + 0.5 * brightness(body.colour);
  switch (body.kind) {
    case "car": {
      const belt = 0.62 * height;
      return [
        box(body, -0.5 * length, 0.5 * length, 0.22, belt, paint),
        { ...box(body, -0.38 * length, 0.16 * length, belt, height, 0.18), halfY: 0.42 * body.width },
      ];
    }
    case "van":
    case "truck":
      return [box(body, -0.5 * length, 0.5 * length, 0.35, height, paint)];
    case "pedestrian":
      return [{ shape: "cylinder", radius: 0.24, fromZ: 0, toZ: height, albedo: 0.35, porosity: 0.05 }];
    case "tree":
      return [
        { shape: "cylinder", radius: 0.17, fromZ: 0, toZ: 0.4 * height, albedo: 0.3, porosity: 0 },
        {
          shape: "cylinder",
          radius: 0.42 * body.width,
          fromZ: 0.34 * height,
          toZ: height,
          albedo: 0.45,
          porosity: 0.3,
        },
      ];
    case "lamp":
    case "sign":
    case "bollard":
      return [
        { shape: "cylinder", radius: 0.5 * body.width, fromZ: 0, toZ: height, albedo: 0.55, porosity: 0 },
      ];
    case "building":
      return [box(body, -0.5 * length, 0.5 * length, 0, height, 0.5)];
  }
}

function box(
  body: Body,
  fromX: number,
  toX: number,
  fromZ: number,
  toZ: number,
  albedo: number,
): Solid & { shape: "box" } {
  return { shape: "box", fromX, toX, halfY: 0.5 * body.width, fromZ, toZ, albedo, porosity: 0 };
}

function brightness(colour: Colour): number {
  return (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255;
}
