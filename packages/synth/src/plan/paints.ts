import type { Random } from "@playhead/exact-math";
import type { Body, BodyKind, Colour } from "../world/body.ts";

const carPaints: readonly Colour[] = [
  [206, 208, 210],
  [150, 154, 160],
  [92, 96, 102],
  [44, 46, 50],
  [226, 226, 222],
  [150, 32, 34],
  [36, 64, 122],
  [52, 84, 78],
  [122, 104, 82],
];
const jackets: readonly Colour[] = [
  [168, 42, 40],
  [46, 74, 134],
  [198, 168, 60],
  [52, 56, 62],
  [70, 112, 84],
  [190, 188, 182],
];
const trousers: readonly Colour[] = [
  [44, 52, 78],
  [38, 38, 42],
  [96, 84, 66],
];
const leaves: readonly Colour[] = [
  [74, 104, 48],
  [88, 116, 52],
  [60, 92, 50],
  [104, 118, 58],
];
const walls: readonly Colour[] = [
  [204, 190, 166],
  [186, 172, 152],
  [176, 118, 92],
  [210, 206, 196],
  [160, 150, 144],
];
const roofs: readonly Colour[] = [
  [124, 66, 52],
  [84, 76, 74],
  [104, 58, 48],
];
const metal: Colour = [116, 120, 124];

/** Makes bodies, each with the next number. */
export class BodyMaker {
  #count = 0;

  make(kind: BodyKind, length: number, width: number, height: number, random: Random): Body {
    this.#count++;
    const [colour, second] = colours(kind, random);
    return { id: this.#count, kind, length, width, height, colour, second, variety: random.uniform() };
  }

  /** A car; now and then a van, or a truck where they are allowed. */
  vehicle(random: Random, allowTruck: boolean): Body {
    const draw = random.uniform();
    if (allowTruck && draw > 0.86) {
      return this.make("truck", random.uniform(7.5, 9.5), 2.45, random.uniform(3, 3.5), random);
    }
    if (draw > 0.72) {
      return this.make(
        "van",
        random.uniform(4.9, 5.5),
        random.uniform(1.92, 2.02),
        random.uniform(1.95, 2.3),
        random,
      );
    }
    return this.make(
      "car",
      random.uniform(4.1, 4.8),
      random.uniform(1.74, 1.87),
      random.uniform(1.43, 1.56),
      random,
    );
  }

  pedestrian(random: Random): Body {
    return this.make("pedestrian", 0.5, 0.55, random.uniform(1.62, 1.86), random);
  }
}

function colours(kind: BodyKind, random: Random): readonly [Colour, Colour] {
  switch (kind) {
    case "car":
    case "van":
    case "truck":
      return [pick(carPaints, random), metal];
    case "pedestrian":
      return [pick(jackets, random), pick(trousers, random)];
    case "tree":
      return [pick(leaves, random), [82, 68, 54]];
    case "building":
      return [pick(walls, random), pick(roofs, random)];
    default:
      return [metal, metal];
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random.uniform() * values.length)] as T;
}
