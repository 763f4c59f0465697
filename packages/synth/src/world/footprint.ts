import type { Thing } from "./scene.ts";

/** A place on the ground, vehicle frame, m. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The point of the thing's footprint (a rectangle) that is closest to a place. */
export function closestPoint(thing: Thing, x: number, y: number): Spot {
  const { cosYaw: c, sinYaw: s } = thing;
  const dx = x - thing.x;
  const dy = y - thing.y;
  const along = clamp(dx * c + dy * s, thing.body.length / 2);
  const across = clamp(dy * c - dx * s, thing.body.width / 2);
  return { x: thing.x + along * c - across * s, y: thing.y + along * s + across * c };
}

/** The middle of the side that faces a place most directly. */
export function nearSide(thing: Thing, x: number, y: number): Spot {
  const { cosYaw: c, sinYaw: s } = thing;
  const dx = x - thing.x;
  const dy = y - thing.y;
  const along = (dx * c + dy * s) / (thing.body.length / 2);
  const across = (dy * c - dx * s) / (thing.body.width / 2);
  const lengthwise = Math.abs(along) >= Math.abs(across);
  const half = lengthwise
    ? (Math.sign(along) * thing.body.length) / 2
    : (Math.sign(across) * thing.body.width) / 2;
  return lengthwise
    ? { x: thing.x + half * c, y: thing.y + half * s }
    : { x: thing.x - half * s, y: thing.y + half * c };
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
