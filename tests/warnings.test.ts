import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;

beforeAll(async () => {
  folder = await scratchFolder();
});

afterAll(async () => {
  await folder?.remove();
});

interface Evaluation {
  readonly detections: { readonly all: { readonly recall: number; readonly precision: number } };
  readonly strictDetections: { readonly all: { readonly recall: number; readonly precision: number } };
  readonly tracks: {
    readonly position: { readonly mean: number };
    readonly recall: number;
    readonly precision: number;
  };
  readonly alerts: readonly { readonly kind: string; readonly time_us: number }[];
}

async function evaluate(seed: number, scenario: "braking" | "cruising"): Promise<Evaluation> {
  const drive = await makeDrive(join(folder.path, `${scenario}-${seed}.mcap`), {
    seed,
    scenario,
    durationS: 15,
  });
  const ran = await playhead(["evaluate", drive, "--json"]);
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as Evaluation;
}

describe("the ADAS pipeline on a drive that it was not made for", () => {
  it("warns of a lead vehicle that brakes hard, and finds what is there", async () => {
    const { detections, strictDetections, tracks, alerts } = await evaluate(4711, "braking");
    expect(alerts.map(({ kind }) => kind)).toContain("forward-collision");
    expect(detections.all.recall).toBeGreaterThan(0.6);
    expect(detections.all.precision).toBeGreaterThan(0.6);
    expect(strictDetections.all.precision).toBeGreaterThan(0.6);
    expect(tracks.position.mean).toBeLessThan(1.5);
  });

  it("is silent where nobody brakes", async () => {
    const { alerts } = await evaluate(4711, "cruising");
    expect(alerts.filter(({ kind }) => kind === "forward-collision")).toEqual([]);
  });
});
