import { compose, IDENTITY, inverse, type Transform } from "../kitti/transform.ts";

/** Where a frame lies in another: from the child's coordinates to the parent's. */
export interface FramePlacement {
  readonly parent: string;
  readonly child: string;
  readonly transform: Transform;
}

/** Names of the frame that is fixed to a vehicle, the first that there is (REP 105). */
const BASE_FRAMES = ["base_link", "base_footprint", "vehicle", "ego"];
/** Frames of the world (REP 105): no vehicle's. */
const WORLD_FRAMES = new Set(["map", "odom", "earth", "world", "local", "utm"]);
const MOST_STEPS = 64;

/** Frames that do not move against each other, as a recording places them. */
export class FrameTree {
  readonly #placements = new Map<string, FramePlacement>();
  /** Frames that were seen to move against their parent. */
  readonly #moving = new Set<string>();

  /** Of the same frame again, what differs shows that it moves. */
  add(placement: FramePlacement): void {
    const { child, parent, transform } = placement;
    const before = this.#placements.get(child);
    if (before === undefined) this.#placements.set(child, placement);
    else if (before.parent !== parent || !areEqual(before.transform, transform)) this.#moving.add(child);
  }

  /** The vehicle's own frame: by its name, or else the only root that is not the world's. Undefined without. */
  get base(): string | undefined {
    const parents = new Set(Array.from(this.#placements.values(), ({ parent }) => parent));
    const named = BASE_FRAMES.find((name) => parents.has(name) || this.#placements.has(name));
    if (named !== undefined) return named;
    const roots = [...parents].filter(
      (name) => this.#fixedParent(name) === undefined && !WORLD_FRAMES.has(name),
    );
    return roots.length === 1 ? roots[0] : undefined;
  }

  /** Where a frame lies in another; undefined where no chain of frames that do not move leads there. */
  placeIn(base: string, frame: string): Transform | undefined {
    const [fromBase, fromFrame] = [this.#toRoot(base), this.#toRoot(frame)];
    if (fromBase === undefined || fromFrame === undefined || fromBase.root !== fromFrame.root)
      return undefined;
    return compose(inverse(fromBase.transform), fromFrame.transform);
  }

  #fixedParent(frame: string): FramePlacement | undefined {
    return this.#moving.has(frame) ? undefined : this.#placements.get(frame);
  }

  /** Undefined for a circle. */
  #toRoot(frame: string): { readonly root: string; readonly transform: Transform } | undefined {
    let [root, transform] = [frame, IDENTITY];
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const placement = this.#fixedParent(root);
      if (placement === undefined) return { root, transform };
      root = placement.parent;
      transform = compose(placement.transform, transform);
    }
    return undefined;
  }
}

function areEqual(a: Transform, b: Transform): boolean {
  const numbers = ({ rotation, translation }: Transform): number[] => [...rotation, ...translation];
  const others = numbers(b);
  return numbers(a).every((value, place) => value === others[place]);
}
