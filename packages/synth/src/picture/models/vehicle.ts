import type { Body, Colour } from "../../world/body.ts";
import { boxFaces, type Face, face, inset, type Point } from "../mesh.ts";
import { loft, type Section } from "./loft.ts";
import { truckFaces } from "./truck.ts";
import { glass, lampGlass, plastic, plate, rearLens, tyre, wheels } from "./vehicle-parts.ts";

/** Measures of a car's shape beyond its size; heights from the ground, lengths from the ends, m. */
interface Shape {
  readonly floor: number;
  /** Where the windows begin. */
  readonly belt: number;
  /** Height of the bonnet's front edge, and length of the bonnet. */
  readonly nose: number;
  readonly bonnet: number;
  /** From the rear to the lower edge of the rear window, and how far the window leans forward. */
  readonly boot: number;
  readonly rearSlope: number;
  readonly frontSlope: number;
  /** How much narrower the roof is on each side. */
  readonly taper: number;
}

function shapeOf({ height, kind, variety }: Body): Shape {
  if (kind === "van") {
    return {
      floor: 0.3,
      belt: 0.52 * height,
      nose: 0.46 * height,
      bonnet: 0.8,
      boot: 0.05,
      rearSlope: 0.1,
      frontSlope: 0.8,
      taper: 0.12,
    };
  }
  const hatch = variety < 0.5;
  return {
    floor: 0.25,
    belt: 0.62 * height,
    nose: 0.5 * height,
    bonnet: 1.12,
    boot: hatch ? 0.12 : 0.58,
    rearSlope: hatch ? 0.48 : 0.68,
    frontSlope: 0.88,
    taper: 0.21,
  };
}

/** The faces of a car, a van or a truck, in the order of painting. */
export function vehicleFaces(body: Body): Face[] {
  if (body.kind === "truck") return truckFaces(body);
  const shape = shapeOf(body);
  return [
    ...underside(body, shape),
    ...loft(sections(body, shape), body.colour),
    ...rearDetails(body, shape),
    ...frontDetails(body, shape),
    ...wheels(body),
    ...mirrors(body, shape),
    ...cabin(body, shape),
  ];
}

/** What can be seen of the tyres under the bumpers, and the dark between them. */
function underside(body: Body, shape: Shape): Face[] {
  const half = body.width / 2;
  const rear = -body.length / 2;
  const found = boxFaces(
    [rear + 0.3, -half + 0.15, 0.17],
    [-rear - 0.3, half - 0.15, shape.floor + 0.05],
    [20, 20, 21],
  );
  for (const side of [1, -1]) {
    const low = Math.min(side * (half - 0.04), side * (half - 0.25));
    for (const x of [rear + 0.55, -rear - 0.55]) {
      found.push(...boxFaces([x - 0.1, low, 0], [x + 0.1, low + 0.21, shape.floor + 0.15], tyre));
    }
  }
  return found;
}

/** Cross-sections of the body below the windows, from the rear to the front. */
function sections(body: Body, shape: Shape): Section[] {
  const half = body.width / 2;
  const rear = -body.length / 2;
  const front = body.length / 2;
  const { belt, floor, nose } = shape;
  const waist = 0.4 * body.height;
  return [
    { x: rear, half: 0.88 * half, top: belt - 0.05, waist, bottom: floor + 0.06 },
    { x: rear + 0.16, half: 0.97 * half, top: belt, waist, bottom: floor },
    { x: rear + 0.7, half, top: belt, waist, bottom: floor },
    { x: front - shape.bonnet, half, top: belt, waist, bottom: floor },
    { x: front - 0.4, half: 0.97 * half, top: nose + 0.07, waist, bottom: floor },
    { x: front - 0.1, half: 0.88 * half, top: nose, waist, bottom: floor + 0.04 },
    { x: front, half: 0.8 * half, top: nose - 0.12, waist: 0.36 * body.height, bottom: floor + 0.1 },
  ];
}

function rearDetails(body: Body, shape: Shape): Face[] {
  const half = 0.88 * (body.width / 2);
  const x = -body.length / 2 - 0.012;
  const quad = (y0: number, y1: number, z0: number, z1: number): [Point, Point, Point, Point] => [
    [x, y1, z0],
    [x, y0, z0],
    [x, y0, z1],
    [x, y1, z1],
  ];
  const { belt, floor } = shape;
  const bumper = 0.36 * body.height;
  const dark: Colour = [body.colour[0] * 0.72, body.colour[1] * 0.72, body.colour[2] * 0.72];
  const found = [
    face(quad(-half + 0.02, half - 0.02, floor + 0.06, floor + 0.2), plastic),
    face(quad(-half + 0.01, half - 0.01, bumper, bumper + 0.03), dark, "matt", 40),
    face(quad(-0.34, 0.34, bumper + 0.05, bumper + 0.2), dark, "matt", 60),
    face(quad(-0.26, 0.26, bumper + 0.07, bumper + 0.18), plate, "matt", 60),
  ];
  const van = body.kind === "van";
  const lampTop = belt - (van ? 0 : 0.08);
  const lampLow = lampTop - (van ? 0.5 : 0.17);
  const lampWidth = van ? 0.14 : 0.36;
  for (const side of [1, -1]) {
    const outer = side * half;
    const inner = side * (half - lampWidth);
    found.push(
      face(quad(Math.min(outer, inner), Math.max(outer, inner), lampLow, lampTop), rearLens, "brake"),
    );
    found.push(...sideLamp(body, side, lampLow, lampTop));
  }
  return found;
}

/** The lamps reach around the corner. */
function sideLamp(body: Body, side: number, low: number, high: number): Face[] {
  const rear = -body.length / 2;
  const inner = side * (0.88 * (body.width / 2) + 0.012);
  const outer = side * (0.97 * (body.width / 2) + 0.012);
  const corners: Point[] = [
    [rear, inner, low],
    [rear + 0.16, outer, low],
    [rear + 0.16, outer, high],
    [rear, inner, high],
  ];
  return [face(side > 0 ? corners.reverse() : corners, rearLens, "brake", 60)];
}

function frontDetails(body: Body, shape: Shape): Face[] {
  const half = 0.8 * (body.width / 2);
  const x = body.length / 2 + 0.012;
  const quad = (y0: number, y1: number, z0: number, z1: number): Point[] => [
    [x, y0, z0],
    [x, y1, z0],
    [x, y1, z1],
    [x, y0, z1],
  ];
  const { floor, nose } = shape;
  const found = [
    face(quad(-half + 0.02, half - 0.02, floor + 0.1, floor + 0.2), plastic),
    face(quad(-0.45, 0.45, nose - 0.3, nose - 0.13), plastic),
    face(quad(-0.26, 0.26, nose - 0.33, nose - 0.22), plate, "matt", 60),
  ];
  for (const side of [1, -1]) {
    const inner = side * half;
    const outer = side * 0.88 * (body.width / 2);
    const back = body.length / 2 - 0.1;
    const lamp: readonly [Point, Point, Point, Point] = [
      [x - 0.005, inner - side * 0.2, nose - 0.22],
      [back + 0.02, outer, nose - 0.2],
      [back + 0.02, outer, nose - 0.06],
      [x - 0.02, inner - side * 0.2, nose - 0.1],
    ];
    const corners = side > 0 ? lamp : ([lamp[1], lamp[0], lamp[3], lamp[2]] as const);
    found.push(face(corners, lampGlass), face(inset(corners, [0.2, 0.8], [0.25, 0.75]), lampGlass, "lit"));
  }
  return found;
}

/** Windows, pillars and roof. */
function cabin(body: Body, shape: Shape): Face[] {
  const { belt, taper } = shape;
  const top = body.height;
  const half = body.width / 2;
  const rearLow = -body.length / 2 + shape.boot;
  const frontLow = body.length / 2 - shape.bonnet;
  const rearHigh = rearLow + shape.rearSlope;
  const frontHigh = frontLow - shape.frontSlope;
  const a: Point = [rearLow, 0.9 * half, belt - 0.02];
  const b: Point = [rearLow, -0.9 * half, belt - 0.02];
  const c: Point = [frontLow, -half + 0.06, belt - 0.02];
  const d: Point = [frontLow, half - 0.06, belt - 0.02];
  const e: Point = [rearHigh, half - taper - 0.04, top - 0.04];
  const f: Point = [rearHigh, -half + taper + 0.04, top - 0.04];
  const g: Point = [frontHigh, -half + taper, top - 0.03];
  const h: Point = [frontHigh, half - taper, top - 0.03];
  const rear = [a, b, f, e] as const;
  const front = [c, d, h, g] as const;
  const right = [b, c, g, f] as const;
  const left = [d, a, e, h] as const;
  const found = [rear, front, right, left].map((side) => face(side, body.colour));
  found.push(...roof(e, f, g, h, top, body.colour));
  found.push(face(inset(rear, [0.08, 0.92], [0.1, 0.86]), glass, "glass"));
  found.push(face(inset(rear, [0.4, 0.6], [0.89, 0.95]), rearLens, "brake", 60));
  found.push(face(inset(front, [0.06, 0.94], [0.06, 0.93]), glass, "glass"));
  const blind = body.kind === "van" && body.variety < 0.6;
  const panes: readonly (readonly [number, number])[] = blind
    ? [[0.7, 0.93]]
    : [
        [0.12, 0.48],
        [0.53, 0.9],
      ];
  for (const [from, to] of panes) {
    found.push(face(inset(right, [from, to], [0.14, 0.86]), glass, "glass", 80));
    found.push(face(inset(left, [1 - to, 1 - from], [0.14, 0.86]), glass, "glass", 80));
  }
  return found;
}

/** A roof that bulges a little. */
function roof(e: Point, f: Point, g: Point, h: Point, top: number, colour: Colour): Face[] {
  const inner = 0.25;
  const up = ([x, y]: Point, dx: number): Point => [x + dx, y - Math.sign(y) * inner, top];
  const [e2, f2, g2, h2] = [up(e, 0.15), up(f, 0.15), up(g, -0.15), up(h, -0.15)];
  return [
    face([e, f, f2, e2], colour),
    face([f, g, g2, f2], colour),
    face([h, e, e2, h2], colour),
    face([g, h, h2, g2], colour),
    face([f2, g2, h2, e2], colour),
  ];
}

function mirrors(body: Body, shape: Shape): Face[] {
  const x = body.length / 2 - shape.bonnet - 0.45;
  const half = body.width / 2;
  return [1, -1].flatMap((side) => {
    const inner = side * (half - 0.04);
    const outer = side * (half + 0.14);
    return boxFaces(
      [x - 0.06, Math.min(inner, outer), shape.belt + 0.02],
      [x + 0.08, Math.max(inner, outer), shape.belt + 0.16],
      body.colour,
    );
  });
}
