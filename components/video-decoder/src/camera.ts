import { PixelFormat } from "../../generated/video-decoder/frames";
import { decodePayload } from "./payload";
import { Picture } from "./picture";
import { Problem } from "./problem";

const decoded = new Picture();

/** A camera and the newest picture of it that could be decoded. */
export class Camera {
  /** Why the newest payload could not be decoded. */
  problem: Problem = Problem.None;
  hasPicture: bool = false;
  timestamp: i64 = 0;
  sequence: u64 = 0;
  width: i32 = 0;
  height: i32 = 0;
  format: PixelFormat = PixelFormat.Gray8;
  pixels: usize = 0;
  size: i32 = 0;
  private room: i32 = 0;

  constructor(
    readonly handle: u32,
    readonly name: string,
  ) {}

  /** Decodes a payload; where that fails, the picture before it stays. */
  decode(payload: usize, length: i32, timestamp: i64, sequence: u64): bool {
    this.problem = decodePayload(payload, length, decoded);
    if (this.problem != Problem.None) return false;
    this.keep(decoded);
    this.timestamp = timestamp;
    this.sequence = sequence;
    return true;
  }

  /** Copies a picture out of the memory of the present call. */
  private keep(picture: Picture): void {
    const size = picture.size;
    if (size > this.room) {
      if (this.room > 0) heap.free(this.pixels);
      this.pixels = heap.alloc(size);
      this.room = size;
    }
    memory.copy(this.pixels, picture.pixels, size);
    this.size = size;
    this.width = picture.width;
    this.height = picture.height;
    this.format = picture.format;
    this.hasPicture = true;
  }
}
