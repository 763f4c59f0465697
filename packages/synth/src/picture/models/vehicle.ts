import type { Body, Colour } from "../../world/body.ts";
import { boxFaces, type Face, face, inset, type Point } from "../mesh.ts";

const tyre: Colour = [26, 26, 27];
const rim: Colour = [128, 130, 132];
const glass: Colour = [40, 48, 56];
const plastic: Colour = [44, 45, 47];
const plate: Colour = [222, 220, 206];
const lens: Colour = [134, 22, 20];
const lampGlass: Colour = [198, 204, 208];

/** Where the parts of a vehicle's outline lie; z in m from the ground, x as distances from rear and front. */
interface Outline {
  readonly floor: number;
  readonly belt: number;
  readonly nose: number;
  readonly bonnet: number;
  readonly cabinRear: number;
  readonly rearSlope: number;
  readonly frontSlope: number;
  readonly taper: number;
}

function outlineOf(body: Body): Outline {
  const { height, kind, variety } = body;
  if (kind === "van") {
    return {
      floor: 0.3,
      belt: 0.52 * height,
      nose: 0.45 * height,
      bonnet: 0.75,
      cabinRear: 0.04,
      rearSlope: 0.08,
      frontSlope: 0.75,
      taper: 0.1,
    };
  }
  const hatch = variety < 0.5;
  return {
    floor: 0.24,
    belt: 0.615 * height,
    nose: 0.5 * height,
    bonnet: 1.15,
    cabinRear: hatch ? 0.08 : 0.62,
    rearSlope: hatch ? 0.42 : 0.62,
    frontSlope: 0.85,
    taper: 0.2,
  };
}

/** The faces of a car, a van or a truck, from the back to the front of the painting order. */
export function vehicleFaces(body: Body): Face[] {
  return body.kind === "truck" ? truckFaces(body) : carFaces(body);
}

function carFaces(body: Body): Face[] {
  const outline = outlineOf(body);
  return [
    ...tyresBelow(body, outline),
    ...hull(body, outline),
    ...rearDetails(body, outline),
    ...frontDetails(body, outline),
    ...wheels(body),
    ...cabin(body, outline),
  ];
}

/** What can be seen of the tyres under the bumpers. */
function tyresBelow(body: Body, outline: Outline): Face[] {
  const half = body.width / 2;
  const found: Face[] = [];
  for (const side of [1, -1]) {
    const outer = side * (half - 0.03);
    const inner = side * (half - 0.24);
    const low = Math.min(outer, inner);
    const high = Math.max(outer, inner);
    for (const x of [-body.length / 2 + 0.5, body.length / 2 - 0.5]) {
      found.push(...boxFaces([x - 0.1, low, 0], [x + 0.1, high, outline.floor + 0.12], tyre));
    }
  }
  return found;
}

/** The body below the windows: a side view, drawn out to the car's width. */
function hull(body: Body, outline: Outline): Face[] {
  const half = body.width / 2;
  const rear = -body.length / 2;
  const front = body.length / 2;
  const { belt, floor } = outline;
  const profile: readonly (readonly [number, number])[] = [
    [rear + 0.13, floor],
    [front - 0.14, floor],
    [front, 0.38 * body.height],
    [front - 0.1, outline.nose],
    [front - outline.bonnet, belt + 0.02],
    [rear + 0.05, belt],
    [rear, 0.36 * body.height],
  ];
  const corner = (i: number, y: number): Point => {
    const [x, z] = profile[i % profile.length] as readonly [number, number];
    return [x, y, z];
  };
  const found: Face[] = [];
  for (let i = 1; i < profile.length; i++) {
    found.push(
      face([corner(i, -half), corner(i, half), corner(i + 1, half), corner(i + 1, -half)], body.colour),
    );
  }
  found.push(
    face(
      profile.map((_, i) => corner(i, -half)),
      body.colour,
    ),
  );
  found.push(
    face(
      profile.map((_, i) => corner(profile.length - 1 - i, half)),
      body.colour,
    ),
  );
  return found;
}

/** The rear face's x at a height, a hair outside. */
function rearAt(body: Body, outline: Outline, z: number): number {
  const middle = 0.36 * body.height;
  const slope =
    z > middle
      ? (0.05 * (z - middle)) / (outline.belt - middle)
      : (0.13 * (middle - z)) / (middle - outline.floor);
  return -body.length / 2 + slope - 0.01;
}

function rearQuad(
  body: Body,
  outline: Outline,
  y: readonly [number, number],
  z: readonly [number, number],
): Point[] {
  const low = rearAt(body, outline, z[0]);
  const high = rearAt(body, outline, z[1]);
  return [
    [low, y[1], z[0]],
    [low, y[0], z[0]],
    [high, y[0], z[1]],
    [high, y[1], z[1]],
  ];
}

function rearDetails(body: Body, outline: Outline): Face[] {
  const half = body.width / 2;
  const { belt, floor } = outline;
  const lampTop = belt - 0.06;
  const lampLow = Math.max(0.38 * body.height, lampTop - 0.2);
  const tall = body.kind === "van" ? 0.28 : 0;
  const found = [
    face(rearQuad(body, outline, [-half + 0.04, half - 0.04], [floor, 0.25 * body.height]), plastic),
    face(rearQuad(body, outline, [-0.27, 0.27], [lampLow - 0.05, lampLow + 0.08]), plate, "matt", 60),
  ];
  for (const side of [1, -1]) {
    const outer = side * (half - 0.03);
    const inner = side * (half - (body.kind === "van" ? 0.2 : 0.42));
    const span: readonly [number, number] = [Math.min(outer, inner), Math.max(outer, inner)];
    found.push(face(rearQuad(body, outline, span, [lampLow - tall, lampTop]), lens, "brake"));
  }
  return found;
}

function frontDetails(body: Body, outline: Outline): Face[] {
  const half = body.width / 2;
  const front = body.length / 2 + 0.01;
  const { floor, nose } = outline;
  const middle = 0.38 * body.height;
  const at = (z: number) =>
    z > middle
      ? front - (0.1 * (z - middle)) / (nose - middle)
      : front - (0.14 * (middle - z)) / (middle - floor);
  const quad = (y0: number, y1: number, z0: number, z1: number): Point[] => [
    [at(z0), y0, z0],
    [at(z0), y1, z0],
    [at(z1), y1, z1],
    [at(z1), y0, z1],
  ];
  const found = [
    face(quad(-half + 0.06, half - 0.06, floor, floor + 0.12), plastic),
    face(quad(-0.5, 0.5, middle - 0.12, nose - 0.1), plastic),
    face(quad(-0.26, 0.26, middle - 0.14, middle - 0.03), plate, "matt", 60),
  ];
  for (const side of [1, -1]) {
    const outer = side * (half - 0.04);
    const inner = side * (half - 0.42);
    const low = Math.min(outer, inner);
    const high = Math.max(outer, inner);
    found.push(face(quad(low, high, nose - 0.16, nose - 0.02), lampGlass));
    found.push(face(quad(low + 0.06, high - 0.06, nose - 0.13, nose - 0.06), lampGlass, "lit"));
  }
  return found;
}

/** Directions of a wheel's corners: cosine and sine of multiples of 30°. */
const twelve: readonly (readonly [number, number])[] = [
  [1, 0],
  [0.8660254, 0.5],
  [0.5, 0.8660254],
  [0, 1],
  [-0.5, 0.8660254],
  [-0.8660254, 0.5],
  [-1, 0],
  [-0.8660254, -0.5],
  [-0.5, -0.8660254],
  [0, -1],
  [0.5, -0.8660254],
  [0.8660254, -0.5],
];

function wheels(body: Body): Face[] {
  const found: Face[] = [];
  const radius = body.kind === "car" ? 0.32 : body.kind === "van" ? 0.35 : 0.5;
  const axles = [-body.length / 2 + 0.19 * body.length, body.length / 2 - 0.18 * body.length];
  for (const x of axles) {
    for (const side of [1, -1]) {
      const y = side * (body.width / 2 + 0.01);
      const disc = (size: number): Point[] => {
        const points = twelve.map(([c, s]): Point => [x + size * c, y, radius + size * s]);
        return side > 0 ? points.reverse() : points;
      };
      found.push(
        face(disc(radius + 0.06), plastic),
        face(disc(radius), tyre),
        face(disc(0.62 * radius), rim, "matt", 50),
      );
    }
  }
  return found;
}

/** Windows, pillars and roof. */
function cabin(body: Body, outline: Outline): Face[] {
  const { belt, taper } = outline;
  const top = body.height;
  const low = body.width / 2 - 0.05;
  const high = body.width / 2 - taper;
  const rearLow = -body.length / 2 + outline.cabinRear;
  const frontLow = body.length / 2 - outline.bonnet;
  const rearHigh = rearLow + outline.rearSlope;
  const frontHigh = frontLow - outline.frontSlope;
  const a: Point = [rearLow, low, belt];
  const b: Point = [rearLow, -low, belt];
  const c: Point = [frontLow, -low, belt];
  const d: Point = [frontLow, low, belt];
  const e: Point = [rearHigh, high, top];
  const f: Point = [rearHigh, -high, top];
  const g: Point = [frontHigh, -high, top];
  const h: Point = [frontHigh, high, top];
  const rear = [a, b, f, e] as const;
  const front = [c, d, h, g] as const;
  const right = [b, c, g, f] as const;
  const left = [d, a, e, h] as const;
  const found = [
    face(rear, body.colour),
    face(front, body.colour),
    face(right, body.colour),
    face(left, body.colour),
  ];
  found.push(face([f, g, h, e], body.colour));
  found.push(face(inset(rear, [0.09, 0.91], [0.12, 0.88]), glass, "glass"));
  found.push(face(inset(rear, [0.42, 0.58], [0.9, 0.96]), lens, "brake", 60));
  found.push(face(inset(front, [0.06, 0.94], [0.06, 0.93]), glass, "glass"));
  const blind = body.kind === "van" && body.variety < 0.6;
  const panes: readonly (readonly [number, number])[] = blind
    ? [[0.7, 0.93]]
    : [
        [0.1, 0.48],
        [0.53, 0.92],
      ];
  for (const [from, to] of panes) {
    found.push(face(inset(right, [from, to], [0.12, 0.86]), glass, "glass", 80));
    found.push(face(inset(left, [1 - to, 1 - from], [0.12, 0.86]), glass, "glass", 80));
  }
  return found;
}

/** A cab and a box behind it. */
function truckFaces(body: Body): Face[] {
  const half = body.width / 2;
  const rear = -body.length / 2;
  const front = body.length / 2;
  const cab = front - 2;
  const cabTop = 0.8 * body.height;
  const box: Colour = body.variety < 0.5 ? [206, 206, 202] : [178, 182, 186];
  const under: Face[] = [
    ...boxFaces([rear + 0.4, -half + 0.15, 0.3], [front - 0.1, half - 0.15, 0.9], plastic),
    ...wheels(body),
  ];
  const cargo = boxFaces([rear, -half, 0.85], [cab - 0.15, half, body.height], box);
  const cabin = boxFaces([cab, -half + 0.05, 0.45], [front, half - 0.05, cabTop], body.colour);
  const x = front + 0.01;
  const quad = (y0: number, y1: number, z0: number, z1: number): Point[] => [
    [x, y0, z0],
    [x, y1, z0],
    [x, y1, z1],
    [x, y0, z1],
  ];
  const details = [
    face(quad(-half + 0.2, half - 0.2, 0.55 * body.height, 0.75 * body.height), glass, "glass"),
    face(quad(-half + 0.3, half - 0.3, 0.85, 1.3), plastic),
    face(quad(-half + 0.05, half - 0.05, 0.45, 0.72), plastic),
    face(quad(half - 0.55, half - 0.2, 0.74, 0.86), lampGlass, "lit"),
    face(quad(-half + 0.2, -half + 0.55, 0.74, 0.86), lampGlass, "lit"),
  ];
  return [...under, ...cargo, ...cabin, ...details];
}
