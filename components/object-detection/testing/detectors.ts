import { type Probe, putBytes, startProbe } from "../../testing/wasm.ts";

/** What probe.ts exports. */
export interface DetectorProbe extends Probe {
  setMount(x: number, y: number, z: number, roll: number, pitch: number, yaw: number): void;
  rowValues(): number;
  detectLidar(payload: number, length: number): number;
  groundHeight(x: number, y: number): number;
  clusterCount(): number;
  resetRadar(): void;
  detectRadar(payload: number, length: number, timeUs: bigint, speedHint: number): number;
  radarOwnSpeed(): number;
  resetCamera(focal: number, centreX: number, centreY: number, mounted: boolean): void;
  detectCamera(pixels: number, width: number, height: number, colours: number, timeUs: bigint): number;
  horizonX(): number;
  horizonY(): number;
  detectUltrasonic(payload: number, length: number): number;
}

/** A row of the detections, with the names of its columns. */
export interface Detected {
  readonly kind: "unknown" | "car" | "truck" | "pedestrian" | "cyclist";
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly sigmaX: number;
  readonly sigmaY: number;
  readonly rangeRate: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly box: readonly [number, number, number, number];
}

const kinds = ["unknown", "car", "truck", "pedestrian", "cyclist"] as const;

/** The detectors, with payloads and rows in the words of JavaScript. */
export class Detectors {
  readonly probe: DetectorProbe;

  private constructor(probe: DetectorProbe) {
    this.probe = probe;
  }

  static async start(): Promise<Detectors> {
    return new Detectors(await startProbe<DetectorProbe>("object-detection/probe.ts"));
  }

  lidar(points: Float32Array): Detected[] {
    const bytes = new Uint8Array(points.buffer, points.byteOffset, points.byteLength);
    return this.rows(this.probe.detectLidar(putBytes(this.probe, bytes), bytes.length));
  }

  /** `targets`: range, azimuth, range rate, cross-section of each. */
  radar(timeUs: number, targets: readonly (readonly [number, number, number, number])[], speedHint = Number.NaN): Detected[] {
    const values = Float32Array.from(targets.flatMap(([range, azimuth, rate, strength]) => [range, azimuth, Number.NaN, rate, strength]));
    const bytes = new Uint8Array(values.buffer);
    return this.rows(this.probe.detectRadar(putBytes(this.probe, bytes), bytes.length, BigInt(timeUs), speedHint));
  }

  /** `planes`: luminance, then Cb and Cr of half the size if `colour`. */
  camera(timeUs: number, planes: Uint8Array, width: number, height: number, colour: boolean): Detected[] {
    const pixels = putBytes(this.probe, planes);
    const colours = colour ? pixels + width * height : 0;
    return this.rows(this.probe.detectCamera(pixels, width, height, colours, BigInt(timeUs)));
  }

  ultrasonic(range: number, least: number, greatest: number): Detected[] {
    const bytes = new Uint8Array(Float32Array.of(range, least, greatest, 0.5).buffer);
    return this.rows(this.probe.detectUltrasonic(putBytes(this.probe, bytes), bytes.length));
  }

  private rows(count: number): Detected[] {
    const values = new Float32Array(this.probe.memory.buffer, this.probe.rowValues(), count * 16);
    return Array.from({ length: count }, (_, i) => {
      const row = values.slice(i * 16, i * 16 + 16);
      const at = (column: number) => row[column] ?? Number.NaN;
      return {
        kind: kinds[at(0)] ?? "unknown",
        score: at(1),
        x: at(2),
        y: at(3),
        sigmaX: at(4),
        sigmaY: at(5),
        rangeRate: at(6),
        length: at(8),
        width: at(9),
        height: at(10),
        box: [at(12), at(13), at(14), at(15)],
      };
    });
  }
}

/** A repeatable stream of numbers from 0 to 1 (a linear congruence: good enough for test noise). */
export function noiseSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
