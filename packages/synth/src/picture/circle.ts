import { cos, sin } from "@playhead/exact-math";

/** Directions (cosine, sine) of the corners of a regular polygon, counter-clockwise from the first axis. */
export function circle(corners: number): readonly (readonly [number, number])[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [cos(angle), sin(angle)] as const;
  });
}
