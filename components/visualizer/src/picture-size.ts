/** How large a camera's pictures are, out of a canonical camera payload (wit/PAYLOADS.md). */

const HEADER_BYTES: i32 = 16;
const JPEG: u32 = 0;
const PNG: u32 = 1;
const LARGEST: i32 = 8192;

export class PictureSize {
  /** px; 0 where it is not known. */
  width: i32 = 0;
  height: i32 = 0;

  /** Takes a payload's address and length in bytes. Returns whether the size is known now. */
  read(payload: usize, length: i32): bool {
    this.width = 0;
    this.height = 0;
    if (length < HEADER_BYTES) return false;
    const format = load<u32>(payload);
    this.take(load<u32>(payload, 4), load<u32>(payload, 8));
    if (this.width == 0 && format == JPEG) this.readJpeg(payload + HEADER_BYTES, length - HEADER_BYTES);
    if (this.width == 0 && format == PNG) this.readPng(payload + HEADER_BYTES, length - HEADER_BYTES);
    return this.width > 0;
  }

  private take(width: u32, height: u32): void {
    if (width == 0 || height == 0 || width > <u32>LARGEST || height > <u32>LARGEST) return;
    this.width = <i32>width;
    this.height = <i32>height;
  }

  /** Looks for the frame header (ITU T.81, B.2.2) among the markers. */
  private readJpeg(data: usize, length: i32): void {
    let at = 2;
    while (at + 9 <= length) {
      if (load<u8>(data + <usize>at) != 0xff) return;
      const marker = load<u8>(data + <usize>at, 1);
      if (marker == 0xff) {
        at++;
        continue;
      }
      const isFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (isFrame) return this.take(bigEndian16(data + <usize>at, 7), bigEndian16(data + <usize>at, 5));
      at += 2 + <i32>bigEndian16(data + <usize>at, 2);
    }
  }

  /** The header is always the first chunk. */
  private readPng(data: usize, length: i32): void {
    if (length >= 24) this.take(bswap<u32>(load<u32>(data, 16)), bswap<u32>(load<u32>(data, 20)));
  }
}

function bigEndian16(data: usize, offset: usize): u32 {
  return <u32>bswap<u16>(load<u16>(data + offset));
}
