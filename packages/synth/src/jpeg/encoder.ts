import { BitWriter } from "./bit-writer.ts";
import { transform, transformScales } from "./cosine-transform.ts";
import {
  brightnessAc,
  brightnessDc,
  colourAc,
  colourDc,
  HuffmanCodes,
  type HuffmanSpec,
  quantisation,
  zigzag,
} from "./tables.ts";

/**
 * A picture as brightness and colour differences (JFIF's Y, Cb, Cr, each less 128, so about −128 … 127), the colours at half the
 * resolution both ways. Sides are padded to whole blocks of 16 × 16.
 */
export class Planes {
  readonly width: number;
  readonly height: number;
  /** Values per row of `brightness`; half of it per row of the colours. */
  readonly stride: number;
  readonly rows: number;
  readonly brightness: Float32Array;
  readonly blueness: Float32Array;
  readonly redness: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.stride = 16 * Math.ceil(width / 16);
    this.rows = 16 * Math.ceil(height / 16);
    this.brightness = new Float32Array(this.stride * this.rows);
    this.blueness = new Float32Array((this.stride * this.rows) / 4);
    this.redness = new Float32Array((this.stride * this.rows) / 4);
  }
}

/** Makes levels positive while they are rounded. */
const levelOffset = 1 << 15;

/** One of the three components while a picture is encoded. */
interface Component {
  readonly scales: Float64Array;
  readonly dc: HuffmanCodes;
  readonly ac: HuffmanCodes;
  last: number;
}

/**
 * Baseline JPEG (ITU-T T.81) with 4:2:0 colours and the standard Huffman tables. Written for one thing: the same bytes on every
 * engine, which arithmetic of + − × and rounding gives.
 */
export class JpegEncoder {
  readonly #steps: { readonly brightness: Uint8Array; readonly colour: Uint8Array };
  readonly #components: readonly [Component, Component, Component];
  readonly #out = new BitWriter();
  readonly #block = new Float64Array(64);
  readonly #levels = new Int32Array(64);

  /** `quality` from 1 to 100, as most encoders count it. */
  constructor(quality: number) {
    this.#steps = quantisation(quality);
    const component = (steps: Uint8Array, dc: HuffmanSpec, ac: HuffmanSpec): Component => ({
      scales: transformScales.map((scale, i) => 1 / (scale * (steps[i] ?? 1))),
      dc: new HuffmanCodes(dc),
      ac: new HuffmanCodes(ac),
      last: 0,
    });
    this.#components = [
      component(this.#steps.brightness, brightnessDc, brightnessAc),
      component(this.#steps.colour, colourDc, colourAc),
      component(this.#steps.colour, colourDc, colourAc),
    ];
  }

  encode(planes: Planes): Uint8Array {
    this.#out.reset();
    this.#headers(planes);
    const [brightness, blueness, redness] = this.#components;
    for (const component of this.#components) component.last = 0;
    const { stride } = planes;
    for (let y = 0; y < planes.rows; y += 16) {
      for (let x = 0; x < stride; x += 16) {
        const at = y * stride + x;
        this.#encodeBlock(planes.brightness, at, stride, brightness);
        this.#encodeBlock(planes.brightness, at + 8, stride, brightness);
        this.#encodeBlock(planes.brightness, at + 8 * stride, stride, brightness);
        this.#encodeBlock(planes.brightness, at + 8 * stride + 8, stride, brightness);
        const half = (y * stride) / 4 + x / 2;
        this.#encodeBlock(planes.blueness, half, stride / 2, blueness);
        this.#encodeBlock(planes.redness, half, stride / 2, redness);
      }
    }
    this.#out.flush();
    this.#out.bytes([0xff, 0xd9]);
    return this.#out.take();
  }

  #headers({ width, height }: Planes): void {
    const out = this.#out;
    out.bytes([0xff, 0xd8]);
    out.bytes([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    [this.#steps.brightness, this.#steps.colour].forEach((steps, i) => {
      out.bytes([0xff, 0xdb, 0, 67, i]);
      out.bytes(zigzag.map((place) => steps[place] ?? 1));
    });
    const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
    out.bytes([0xff, 0xc0, 0, 17, 8, ...size, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    const tables: readonly (readonly [number, HuffmanSpec])[] = [
      [0x00, brightnessDc],
      [0x10, brightnessAc],
      [0x01, colourDc],
      [0x11, colourAc],
    ];
    for (const [id, { counts, symbols }] of tables) {
      const length = 19 + symbols.length;
      out.bytes([0xff, 0xc4, length >> 8, length & 0xff, id]);
      out.bytes(counts);
      out.bytes(symbols);
    }
    out.bytes([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
  }

  #encodeBlock(plane: Float32Array, start: number, stride: number, component: Component): void {
    const block = this.#block;
    for (let row = 0, at = start, to = 0; row < 8; row++, at += stride) {
      for (let column = 0; column < 8; column++) block[to++] = plane[at + column] as number;
    }
    transform(block);
    const levels = this.#levels;
    const { scales } = component;
    for (let place = 0; place < 64; place++) {
      const level = (block[place] as number) * (scales[place] as number);
      levels[place] = ((level + levelOffset + 0.5) | 0) - levelOffset;
    }
    let last = 63;
    while (last > 0 && levels[zigzag[last] as number] === 0) last--;
    this.#writeLevels(levels, last, component);
  }

  /** Writes the quantised coefficients (given row by row) in zigzag order, up to the last one that is not zero. */
  #writeLevels(levels: Int32Array, last: number, component: Component): void {
    const { dc, ac } = component;
    const out = this.#out;
    const first = levels[0] as number;
    this.#writeLevel(first - component.last, 0, dc);
    component.last = first;
    let zeros = 0;
    for (let k = 1; k <= last; k++) {
      const level = levels[zigzag[k] as number] as number;
      if (level === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) out.bits(ac.codes[0xf0] as number, ac.lengths[0xf0] as number);
      this.#writeLevel(level, zeros << 4, ac);
      zeros = 0;
    }
    if (last < 63) out.bits(ac.codes[0] as number, ac.lengths[0] as number);
  }

  /** The code for the number of bits (and for the zeros before), then the bits; negative numbers as their complement. */
  #writeLevel(level: number, zeros: number, codes: HuffmanCodes): void {
    const size = 32 - Math.clz32(level < 0 ? -level : level);
    const symbol = zeros | size;
    this.#out.bits(codes.codes[symbol] as number, codes.lengths[symbol] as number);
    if (size > 0) this.#out.bits(level < 0 ? level - 1 : level, size);
  }
}
