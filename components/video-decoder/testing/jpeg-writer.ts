/** Writes JPEGs of every kind that cameras make, from quantised coefficients: the decoder's tests know what has to come out. */

import { BitWriter, EntropyWriter } from "./entropy-writer.ts";
import type { Coded, Plane } from "./picture-source.ts";

export interface JpegOptions {
  readonly progressive?: boolean;
  /** MCUs between restart markers. */
  readonly restartInterval?: number;
  /** One scan for each component (baseline). */
  readonly separateScans?: boolean;
  /** What an Adobe segment says; none when left out. */
  readonly adobeTransform?: number;
  /** Steps of 16 bits. */
  readonly wideSteps?: boolean;
  /** The names of the components; 1, 2, 3 when left out. */
  readonly ids?: readonly number[];
  /** No Huffman tables, as motion JPEG does: those of the standard are used then. */
  readonly withoutTables?: boolean;
}

/** The scans of a progressive picture: zigzag range and bits; the components of DC scans are interleaved. */
const PROGRESSION: readonly { first: number; last: number; high: number; low: number }[] = [
  { first: 0, last: 0, high: 0, low: 1 },
  { first: 1, last: 5, high: 0, low: 2 },
  { first: 6, last: 63, high: 0, low: 2 },
  { first: 1, last: 63, high: 2, low: 1 },
  { first: 0, last: 0, high: 1, low: 0 },
  { first: 1, last: 63, high: 1, low: 0 },
];

export function writeJpeg(picture: Coded, options: JpegOptions = {}): Uint8Array {
  const bytes: number[] = [0xff, 0xd8];
  const segment = (marker: number, body: readonly number[]) =>
    bytes.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  const ids = options.ids ?? picture.planes.map((_, i) => i + 1);
  segment(0xe0, [...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  if (options.adobeTransform !== undefined) {
    segment(0xee, [...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, options.adobeTransform]);
  }
  segment(0xdb, stepsSegment(picture.steps, options.wideSteps ?? false));
  segment(options.progressive ? 0xc2 : 0xc0, frameSegment(picture, ids));
  const entropy = new EntropyWriter(options.withoutTables ?? false);
  if (!options.withoutTables) segment(0xc4, entropy.tablesSegment());
  if (options.restartInterval) segment(0xdd, [options.restartInterval >> 8, options.restartInterval & 255]);
  for (const scan of scansOf(picture, options)) {
    const header = scan.components.flatMap((index) => [ids[index] ?? 0, 0]);
    segment(0xda, [scan.components.length, ...header, scan.first, scan.last, (scan.high << 4) | scan.low]);
    bytes.push(...scanData(picture, scan, entropy, options));
  }
  bytes.push(0xff, 0xd9);
  return Uint8Array.from(bytes);
}

export interface ScanRange {
  readonly components: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

function scansOf(picture: Coded, options: JpegOptions): ScanRange[] {
  const all = picture.planes.map((_, i) => i);
  if (options.progressive) {
    return PROGRESSION.flatMap((range) =>
      range.first === 0 ? [{ ...range, components: all }] : all.map((index) => ({ ...range, components: [index] })),
    );
  }
  const whole = { first: 0, last: 63, high: 0, low: 0 };
  return options.separateScans
    ? all.map((index) => ({ ...whole, components: [index] }))
    : [{ ...whole, components: all }];
}

function stepsSegment(steps: Uint16Array, wide: boolean): number[] {
  return wide ? [0x10, ...[...steps].flatMap((step) => [step >> 8, step & 255])] : [0, ...steps];
}

function frameSegment(picture: Coded, ids: readonly number[]): number[] {
  const components = picture.planes.flatMap((plane, i) => [ids[i] ?? 0, (plane.across << 4) | plane.down, 0]);
  const { width, height } = picture;
  return [8, height >> 8, height & 255, width >> 8, width & 255, picture.planes.length, ...components];
}

function scanData(picture: Coded, scan: ScanRange, entropy: EntropyWriter, options: JpegOptions): number[] {
  const bits = new BitWriter();
  const units = unitsOf(picture, scan);
  entropy.beginInterval();
  units.forEach((unit, i) => {
    if (options.restartInterval && i > 0 && i % options.restartInterval === 0) {
      entropy.endInterval(bits, scan);
      bits.restart((i / options.restartInterval - 1) % 8);
      entropy.beginInterval();
    }
    for (const { plane, block } of unit) {
      const coefficients = picture.planes[plane]?.blocks[block];
      if (coefficients !== undefined) entropy.writeBlock(bits, scan, plane, coefficients);
    }
  });
  entropy.endInterval(bits, scan);
  return bits.finish();
}

/** The blocks of each unit of a scan: those of an MCU, or one where the scan has one component. */
function unitsOf(picture: Coded, scan: ScanRange): { plane: number; block: number }[][] {
  const [only] = scan.components;
  if (scan.components.length === 1 && only !== undefined) {
    const plane = picture.planes[only] as Plane;
    const across = Math.ceil(plane.width / 8);
    return Array.from({ length: across * Math.ceil(plane.height / 8) }, (_, i) => [
      { plane: only, block: Math.floor(i / across) * plane.blocksAcross + (i % across) },
    ]);
  }
  const first = picture.planes[0] as Plane;
  const mcusAcross = first.blocksAcross / first.across;
  const mcusDown = first.blocksDown / first.down;
  return Array.from({ length: mcusAcross * mcusDown }, (_, i) =>
    scan.components.flatMap((index) => blocksOfMcu(picture, index, i % mcusAcross, Math.floor(i / mcusAcross))),
  );
}

function blocksOfMcu(picture: Coded, index: number, x: number, y: number): { plane: number; block: number }[] {
  const plane = picture.planes[index] as Plane;
  return Array.from({ length: plane.across * plane.down }, (_, i) => ({
    plane: index,
    block:
      (y * plane.down + Math.floor(i / plane.across)) * plane.blocksAcross + x * plane.across + (i % plane.across),
  }));
}
