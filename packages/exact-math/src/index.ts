/**
 * Elementary functions and random numbers with the same bits on every engine: made only of what IEEE 754 defines exactly
 * (+ − × ÷, square root, floor, bits). `import * as exact from "@playhead/exact-math"` reads well: `exact.sin(x)`.
 */
export { exp, log, pow } from "./exponential.ts";
export { acos, asin, atan, atan2, hypot } from "./inverse.ts";
export { Random } from "./random.ts";
export { cos, sin, tan } from "./trigonometric.ts";
