/** Video as a stream of units behind start codes. Source: ITU-T H.264 and H.265, Annex B. */

type VideoCodec = "h264" | "h265";

/**
 * The codec of a message that has what a video in Foxglove's schema must have: units behind start codes that make one picture, and its parameters with
 * a picture that others are not needed for. Undefined for anything else.
 */
export function videoCodecOf(format: string, data: Uint8Array): VideoCodec | undefined {
  const codec = codecNamed(format);
  if (codec === undefined) return undefined;
  const units = unitsOf(data);
  if (units === undefined) return undefined;
  const { isPicture, isKey, isParameters } = RULES[codec];
  const pictures = units.filter((unit) => isPicture(unit));
  const isWhole = !units.some(isKey) || units.some(isParameters);
  return pictures.length === 1 && isWhole ? codec : undefined;
}

function codecNamed(format: string): VideoCodec | undefined {
  if (/h\.?264|avc/i.test(format)) return "h264";
  return /h\.?265|hevc/i.test(format) ? "h265" : undefined;
}

/** What a unit is, by its first bytes. */
interface Rules {
  /** The first slice of a picture. */
  isPicture(unit: Uint8Array): boolean;
  /** A slice of a picture that starts the stream anew. */
  isKey(unit: Uint8Array): boolean;
  /** A sequence parameter set. */
  isParameters(unit: Uint8Array): boolean;
}

const h264Type = ([first = 0]: Uint8Array): number => first & 31;
const h265Type = ([first = 0]: Uint8Array): number => (first >> 1) & 63;

const RULES: Readonly<Record<VideoCodec, Rules>> = {
  h264: {
    // The number of its first macroblock is 0, which is the single bit 1.
    isPicture: (unit) => h264Type(unit) >= 1 && h264Type(unit) <= 5 && ((unit[1] ?? 0) & 128) !== 0,
    isKey: (unit) => h264Type(unit) === 5,
    isParameters: (unit) => h264Type(unit) === 7,
  },
  h265: {
    // first_slice_segment_in_pic_flag.
    isPicture: (unit) => h265Type(unit) < 32 && ((unit[2] ?? 0) & 128) !== 0,
    isKey: (unit) => h265Type(unit) >= 16 && h265Type(unit) <= 23,
    isParameters: (unit) => h265Type(unit) === 33,
  },
};

/** The units, without their start codes; undefined where the data do not begin with one, or a unit is none. */
function unitsOf(data: Uint8Array): Uint8Array[] | undefined {
  const starts: number[] = [];
  for (let at = data.indexOf(1); at >= 0; at = data.indexOf(1, at + 1))
    if (at >= 2 && data[at - 1] === 0 && data[at - 2] === 0) starts.push(at + 1);
  const [first] = starts;
  if (first === undefined || data.subarray(0, first - 1).some((byte) => byte !== 0)) return undefined;
  const units = starts.map((start, index) => data.subarray(start, starts[index + 1]));
  // The first bit of a unit is 0.
  return units.every(([byte = 255]) => byte < 128) ? units : undefined;
}
