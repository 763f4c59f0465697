import type { Colour } from "../../world/body.ts";
import { type Face, face, type Point } from "../mesh.ts";

/** A cross-section of a body, the same on both sides: half its width at the waist, and heights, m. */
export interface Section {
  readonly x: number;
  readonly half: number;
  readonly top: number;
  readonly waist: number;
  readonly bottom: number;
}

/** How much narrower a section is at the top and at the bottom. */
const shoulder = 0.93;
const sill = 0.95;

/** The skin over cross-sections from the rear (first) to the front: sides in two strips, the top, and the two ends. */
export function loft(sections: readonly Section[], colour: Colour): Face[] {
  const found: Face[] = [];
  sections.forEach((rear, i) => {
    const front = sections[i + 1];
    if (!front) return;
    found.push(face([low(rear, -1), low(front, -1), waist(front, -1), waist(rear, -1)], colour));
    found.push(face([waist(rear, -1), waist(front, -1), high(front, -1), high(rear, -1)], colour));
    found.push(face([low(front, 1), low(rear, 1), waist(rear, 1), waist(front, 1)], colour));
    found.push(face([waist(front, 1), waist(rear, 1), high(rear, 1), high(front, 1)], colour));
    found.push(face([high(rear, -1), high(front, -1), high(front, 1), high(rear, 1)], colour));
  });
  const first = sections[0];
  const last = sections[sections.length - 1];
  if (first) found.push(face(outline(first).reverse(), colour));
  if (last) found.push(face(outline(last), colour));
  return found;
}

/** Around the section as seen from the front. */
function outline(section: Section): Point[] {
  return [
    low(section, -1),
    low(section, 1),
    waist(section, 1),
    high(section, 1),
    high(section, -1),
    waist(section, -1),
  ];
}

function low({ x, half, bottom }: Section, side: number): Point {
  return [x, side * sill * half, bottom];
}

function waist(section: Section, side: number): Point {
  return [section.x, side * section.half, section.waist];
}

function high({ x, half, top }: Section, side: number): Point {
  return [x, side * shoulder * half, top];
}
