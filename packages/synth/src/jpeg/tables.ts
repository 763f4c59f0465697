/** Tables of baseline JPEG (ITU-T T.81): the zigzag order and the example tables of its Annex K. */

/** Place in a block, row by row, of the k-th coefficient. */
export const zigzag = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

const brightnessSteps = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const colourSteps = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** Quantisation steps, row by row, for a quality from 1 to 100, scaled as the Independent JPEG Group's software does. */
export function quantisation(quality: number): {
  readonly brightness: Uint8Array;
  readonly colour: Uint8Array;
} {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const scaled = (steps: readonly number[]) =>
    Uint8Array.from(steps, (step) => Math.max(1, Math.min(255, Math.floor((step * percent + 50) / 100))));
  return { brightness: scaled(brightnessSteps), colour: scaled(colourSteps) };
}

/** A Huffman table as a file carries it: how many codes there are of each length from 1 to 16, and their symbols. */
export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

const dcSymbols = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

export const brightnessDc: HuffmanSpec = {
  counts: Uint8Array.of(0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
  symbols: dcSymbols,
};
export const colourDc: HuffmanSpec = {
  counts: Uint8Array.of(0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0),
  symbols: dcSymbols,
};
export const brightnessAc: HuffmanSpec = {
  counts: Uint8Array.of(0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d),
  symbols: bytes(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a" +
      "434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8" +
      "a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
  ),
};
export const colourAc: HuffmanSpec = {
  counts: Uint8Array.of(0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77),
  symbols: bytes(
    "0001020311040521310612415107617113223281081442" +
      "91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63646566" +
      "6768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8" +
      "c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
  ),
};

function bytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Codes of a Huffman table: for each symbol its code and the code's length in bits. */
export class HuffmanCodes {
  readonly codes = new Uint16Array(256);
  readonly lengths = new Uint8Array(256);

  constructor(spec: HuffmanSpec) {
    let code = 0;
    let next = 0;
    spec.counts.forEach((count, i) => {
      for (let k = 0; k < count; k++) {
        const symbol = spec.symbols[next++] ?? 0;
        this.codes[symbol] = code++;
        this.lengths[symbol] = i + 1;
      }
      code <<= 1;
    });
  }
}
