import type { Body, Colour } from "../../world/body.ts";
import { boxFaces, type Face, face, inset, type Point } from "../mesh.ts";

const glass: Colour = [62, 72, 82];
const door: Colour = [88, 66, 50];
const frame: Colour = [222, 220, 214];
/** Windows are not drawn beyond, m. */
const windowsUntil = 110;

/** A house with a gabled roof; x lies along the street, the front is on −y and +y alike. */
export function buildingFaces(body: Body): Face[] {
  const { length, width, height, colour, second } = body;
  const x0 = -length / 2;
  const x1 = length / 2;
  const y0 = -width / 2;
  const y1 = width / 2;
  const ridge = height + 0.28 * width;
  const walls = boxFaces([x0, y0, 0], [x1, y1, height], colour);
  const gables = [
    face(
      [
        [x0, y1, height],
        [x0, y0, height],
        [x0, 0, ridge],
      ],
      colour,
    ),
    face(
      [
        [x1, y0, height],
        [x1, y1, height],
        [x1, 0, ridge],
      ],
      colour,
    ),
  ];
  const eave = 0.35;
  const roof = [
    face(
      [
        [x0 - eave, y0 - eave, height - 0.15],
        [x1 + eave, y0 - eave, height - 0.15],
        [x1 + eave, 0, ridge],
        [x0 - eave, 0, ridge],
      ],
      second,
    ),
    face(
      [
        [x1 + eave, y1 + eave, height - 0.15],
        [x0 - eave, y1 + eave, height - 0.15],
        [x0 - eave, 0, ridge],
        [x1 + eave, 0, ridge],
      ],
      second,
    ),
  ];
  const sides: (readonly [Point, Point, Point, Point])[] = [
    [
      [x0, y0, 0],
      [x1, y0, 0],
      [x1, y0, height],
      [x0, y0, height],
    ],
    [
      [x1, y1, 0],
      [x0, y1, 0],
      [x0, y1, height],
      [x1, y1, height],
    ],
    [
      [x0, y1, 0],
      [x0, y0, 0],
      [x0, y0, height],
      [x0, y1, height],
    ],
  ];
  return [
    ...walls,
    ...gables,
    ...sides.flatMap((side, i) => windowsOn(side, i < 2 ? length : width, height, body.variety)),
    ...roof,
  ];
}

function windowsOn(
  side: readonly [Point, Point, Point, Point],
  length: number,
  height: number,
  variety: number,
): Face[] {
  const floors = Math.max(1, Math.floor(height / 2.7));
  const columns = Math.max(1, Math.floor(length / 2.7));
  const entrance = Math.floor(variety * columns);
  const found: Face[] = [];
  for (let floor = 0; floor < floors; floor++) {
    for (let column = 0; column < columns; column++) {
      const middle = (column + 0.5) / columns;
      const half = 0.55 / length;
      if (floor === 0 && column === entrance) {
        found.push(
          face(inset(side, [middle - half, middle + half], [0, 2.1 / height]), door, "matt", windowsUntil),
        );
        continue;
      }
      const low = (floor * 2.7 + 0.95) / height;
      const high = low + 1.3 / height;
      const margin = 0.09;
      found.push(
        face(
          inset(
            side,
            [middle - half - margin / length, middle + half + margin / length],
            [low - margin / height, high + margin / height],
          ),
          frame,
          "matt",
          70,
        ),
      );
      found.push(
        face(inset(side, [middle - half, middle + half], [low, high]), glass, "glass", windowsUntil),
      );
    }
  }
  return found;
}
