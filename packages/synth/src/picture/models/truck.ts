import type { Body, Colour } from "../../world/body.ts";
import { boxFaces, type Face, face, type Point } from "../mesh.ts";
import { glass, lampGlass, plastic, wheels } from "./vehicle-parts.ts";

/** A cab and a box behind it. */
export function truckFaces(body: Body): Face[] {
  const half = body.width / 2;
  const rear = -body.length / 2;
  const front = body.length / 2;
  const cab = front - 2;
  const cabTop = 0.8 * body.height;
  const box: Colour = body.variety < 0.5 ? [206, 206, 202] : [178, 182, 186];
  const x = front + 0.01;
  const quad = (y0: number, y1: number, z0: number, z1: number): Point[] => [
    [x, y0, z0],
    [x, y1, z0],
    [x, y1, z1],
    [x, y0, z1],
  ];
  return [
    ...boxFaces([rear + 0.4, -half + 0.15, 0.3], [front - 0.1, half - 0.15, 0.9], plastic),
    ...wheels(body),
    ...boxFaces([rear, -half, 0.85], [cab - 0.15, half, body.height], box),
    ...boxFaces([cab, -half + 0.05, 0.45], [front, half - 0.05, cabTop], body.colour),
    face(quad(-half + 0.2, half - 0.2, 0.5 * body.height, 0.74 * body.height), glass, "glass"),
    face(quad(-half + 0.3, half - 0.3, 0.85, 1.3), plastic),
    face(quad(-half + 0.05, half - 0.05, 0.45, 0.72), plastic),
    face(quad(half - 0.55, half - 0.2, 0.74, 0.86), lampGlass, "lit"),
    face(quad(-half + 0.2, -half + 0.55, 0.74, 0.86), lampGlass, "lit"),
  ];
}
