import type { Body, Colour } from "../../world/body.ts";
import { circle } from "../circle.ts";
import { boxFaces, type Face, face, type Point } from "../mesh.ts";

const steel: Colour = [112, 116, 120];
const signBack: Colour = [140, 142, 144];
const white: Colour = [232, 232, 230];
const blue: Colour = [34, 74, 150];
const red: Colour = [188, 34, 34];
const bright: Colour = [214, 214, 208];

/** Lamps, signs and bollards; x points along the street, towards the traffic for signs. */
export function furnitureFaces(body: Body): Face[] {
  if (body.kind === "lamp") return lamp(body);
  if (body.kind === "sign") return sign(body);
  const half = body.width / 2;
  return [
    ...boxFaces([-half, -half, 0], [half, half, body.height], [70, 72, 74]),
    ...boxFaces([-half - 0.01, -half - 0.01, 0.72], [half + 0.01, half + 0.01, 0.86], bright),
  ];
}

/** A pole with an arm over the road; the road lies to the left of it. */
function lamp(body: Body): Face[] {
  const half = body.width / 2;
  return [
    ...boxFaces([-half, -half, 0], [half, half, body.height], steel),
    ...boxFaces([-0.05, 0, body.height - 0.12], [0.05, 1.9, body.height], steel),
    ...boxFaces([-0.14, 1.3, body.height - 0.2], [0.14, 2, body.height - 0.08], signBack),
  ];
}

function sign(body: Body): Face[] {
  const half = body.width / 2;
  const pole = boxFaces([-half, -half, 0], [half, half, body.height], steel);
  const x = half + 0.02;
  const middle = body.height - 0.4;
  if (body.variety < 0.45)
    return [...pole, disc(x, middle, 0.34, red), disc(x + 0.005, middle, 0.25, white), back(x, middle, 0.33)];
  if (body.variety < 0.75)
    return [
      ...pole,
      plate(x, middle, 0.34, white),
      plate(x + 0.005, middle, 0.3, blue),
      back(x, middle, 0.34),
    ];
  const top: Point[] = [
    [x, -0.4, middle - 0.3],
    [x, 0.4, middle - 0.3],
    [x, 0, middle + 0.4],
  ];
  const inner: Point[] = [
    [x + 0.005, -0.25, middle - 0.21],
    [x + 0.005, 0.25, middle - 0.21],
    [x + 0.005, 0, middle + 0.23],
  ];
  return [...pole, face(top, red), face(inner, white), back(x, middle, 0.3)];
}

function disc(x: number, z: number, radius: number, colour: Colour): Face {
  return face(
    circle(8).map(([c, s]): Point => [x, radius * c, z + radius * s]),
    colour,
  );
}

function plate(x: number, z: number, half: number, colour: Colour): Face {
  return face(
    [
      [x, -half, z - half],
      [x, half, z - half],
      [x, half, z + half],
      [x, -half, z + half],
    ],
    colour,
  );
}

function back(x: number, z: number, half: number): Face {
  return face(
    [
      [x, half, z - half],
      [x, -half, z - half],
      [x, -half, z + half],
      [x, half, z + half],
    ],
    signBack,
  );
}
