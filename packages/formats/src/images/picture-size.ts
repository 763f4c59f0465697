/** Width and height of a picture, px. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Of a JPEG or PNG; undefined for anything else, and where the bytes do not come to it. */
export function pictureSize(data: Uint8Array): PictureSize | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data[0] === 0xff && data[1] === 0xd8) return jpegSize(view);
  const isPng = data[0] === 0x89 && data[1] === 0x50 && data[2] === 0x4e && data[3] === 0x47;
  if (!isPng || view.byteLength < 24) return undefined;
  return sized(view.getUint32(16), view.getUint32(20));
}

// Source: ITU-T T.81, B.1 and B.2: segments begin with 0xff and a marker, then comes their length, which counts itself.
const START_OF_FRAME = 0xc0;
/** Between the starts of frames: Huffman tables, an extension, arithmetic coding. */
const OTHERS: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

function jpegSize(view: DataView): PictureSize | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (isFrame(marker)) return sized(view.getUint16(at + 7), view.getUint16(at + 5));
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

function isFrame(marker: number): boolean {
  return marker >= START_OF_FRAME && marker <= 0xcf && !OTHERS.has(marker);
}

function sized(width: number, height: number): PictureSize | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}
