import type { Random } from "@playhead/exact-math";
import type { Planes } from "../jpeg/encoder.ts";
import type { Body } from "../world/body.ts";
import type { Scene, Thing } from "../world/scene.ts";
import type { World } from "../world/world.ts";
import { Canvas } from "./canvas.ts";
import { Film } from "./film.ts";
import { GroundPainter } from "./ground.ts";
import { intrinsics, Lens } from "./lens.ts";
import { Light } from "./light.ts";
import { type Face, MeshPainter } from "./mesh.ts";
import { buildingFaces } from "./models/building.ts";
import { furnitureFaces } from "./models/furniture.ts";
import { PersonPainter } from "./models/person.ts";
import { TreePainter } from "./models/plant.ts";
import { vehicleFaces } from "./models/vehicle.ts";
import { whiteNoise } from "./noise.ts";
import { PatchPainter } from "./patches.ts";
import { ShadowPainter } from "./shadows.ts";
import { SkyPainter } from "./sky.ts";

/** Draws the world as the front camera sees it. */
export class ScenePainter {
  readonly #canvas = new Canvas(intrinsics.width, intrinsics.height);
  readonly #light: Light;
  readonly #sky: SkyPainter;
  readonly #ground: GroundPainter;
  readonly #patches: PatchPainter;
  readonly #film: Film;
  readonly #trees: TreePainter;
  readonly #shadows = new ShadowPainter();
  readonly #meshes = new MeshPainter();
  readonly #people = new PersonPainter();
  readonly #faces = new Map<number, readonly Face[]>();

  constructor(world: World, random: Random) {
    this.#light = new Light(random.fork("light"));
    this.#sky = new SkyPainter(this.#light, random.fork("sky"));
    this.#ground = new GroundPainter(world.road, world.crossingStations, this.#light, random.fork("ground"));
    this.#patches = new PatchPainter(world.road, world.crossingStations, random.fork("patches"));
    this.#film = new Film(intrinsics.width, intrinsics.height, random.fork("film"));
    this.#trees = new TreePainter(whiteNoise(random.fork("leaves")));
  }

  /** The picture, overwritten by the next call. `noise` decides the sensor noise of this picture. */
  paint(scene: Scene, noise: Random): Planes {
    const lens = new Lens(scene.ego.pitch);
    const sun = this.#light.direction(scene.ego.heading);
    this.#sky.paint(this.#canvas, lens, scene.ego.heading);
    this.#ground.paint(this.#canvas, lens, scene.ego);
    this.#patches.paint(this.#canvas, lens, scene.ego);
    const visible = scene.things
      .filter((thing) => isInView(lens, thing))
      .map((thing) => ({ thing, near: nearestDepth(thing) }));
    visible.sort(
      (a, b) =>
        layer(a.thing.body) - layer(b.thing.body) || b.near - a.near || a.thing.body.id - b.thing.body.id,
    );
    for (const { thing } of visible) {
      if (thing.body.kind !== "building") this.#shadows.paint(this.#canvas, lens, sun, thing);
    }
    for (const { thing } of visible) {
      if (thing.body.kind === "tree") this.#trees.paint(this.#canvas, lens, this.#light, thing);
      else if (thing.body.kind === "pedestrian") this.#people.paint(this.#canvas, lens, this.#light, thing);
      else this.#meshes.paint(this.#canvas, lens, this.#light, sun, thing, this.#facesOf(thing.body));
    }
    this.#film.expose(this.#canvas, noise);
    return this.#film.planes;
  }

  #facesOf(body: Body): readonly Face[] {
    let faces = this.#faces.get(body.id);
    if (!faces) {
      faces = modelOf(body);
      this.#faces.set(body.id, faces);
    }
    return faces;
  }
}

function modelOf(body: Body): readonly Face[] {
  switch (body.kind) {
    case "car":
    case "van":
    case "truck":
      return vehicleFaces(body);
    case "building":
      return buildingFaces(body);
    default:
      return furnitureFaces(body);
  }
}

/** Houses stand behind trees, trees behind everything else: nothing of an earlier layer hides a later one. */
function layer(body: Body): number {
  return body.kind === "building" ? 0 : body.kind === "tree" ? 1 : 2;
}

function isInView(lens: Lens, thing: Thing): boolean {
  const size = 0.5 * (thing.body.length + thing.body.width) + 2;
  const ahead = thing.x - lens.eyeX + size;
  return ahead > 0.5 && Math.abs(thing.y) - size < 0.62 * ahead + 1;
}

/** How far ahead the nearest corner is, m. */
function nearestDepth(thing: Thing): number {
  const { length, width } = thing.body;
  return thing.x - 0.5 * (length * Math.abs(thing.cosYaw) + width * Math.abs(thing.sinYaw));
}
