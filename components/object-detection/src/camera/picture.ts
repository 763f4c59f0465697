/**
 * The picture that the camera detector works on: luminance, made smaller, with sums that give the mean of any rectangle in four loads
 * (integral images of the luminance and of the edges that stand and lie).
 */

/** Greatest width and height of the smaller picture. */
export const MAX_WIDTH: i32 = 640;
export const MAX_HEIGHT: i32 = 480;
const SUMS: i32 = (MAX_WIDTH + 1) * (MAX_HEIGHT + 1);
/** Larger pictures than so many times that are not looked at. */
const MOST_SHRUNK: i32 = 16;
/** Pictures of up to this width are not made smaller. */
const FULL_WIDTH: i32 = 640;

export class Picture {
  /** Size of the smaller picture; one of its pixels is `scale` × `scale` of the camera's. */
  width: i32 = 0;
  height: i32 = 0;
  scale: i32 = 1;
  /** Rows `top` … `height` are summed up. */
  top: i32 = 0;
  luma: StaticArray<u8> = new StaticArray<u8>(MAX_WIDTH * MAX_HEIGHT);
  private sums: StaticArray<u32> = new StaticArray<u32>(SUMS);
  private standing: StaticArray<u32> = new StaticArray<u32>(SUMS);
  private lying: StaticArray<u32> = new StaticArray<u32>(SUMS);
  /** The camera's picture: only valid while it is being looked at. */
  private blue: usize = 0;
  private red: usize = 0;
  private colourWidth: i32 = 0;
  private colourHeight: i32 = 0;

  /** Takes a picture of `width` × `height` bytes of luminance; false where it has a size that cannot be worked on. */
  shrink(pixels: usize, width: i32, height: i32): bool {
    const scale = max<i32>((width + FULL_WIDTH - 1) / FULL_WIDTH, (height + MAX_HEIGHT - 1) / MAX_HEIGHT);
    if (width < 64 || height < 48 || scale > MOST_SHRUNK) return false;
    this.scale = scale;
    this.width = width / scale;
    this.height = height / scale;
    const out = changetype<usize>(this.luma);
    if (scale == 1) {
      memory.copy(out, pixels, <usize>(width * height));
      return true;
    }
    for (let y = 0; y < this.height; y++) {
      const from = pixels + <usize>(y * scale * width);
      const to = out + <usize>(y * this.width);
      if (scale == 2) halveRow(from, from + <usize>width, to, this.width);
      else this.shrinkRow(from, width, to);
    }
    return true;
  }

  /** Gives the picture its colours: the planes Cb and Cr of yuv420, one behind the other, or nothing (0) for a grey picture. */
  setColours(planes: usize, width: i32, height: i32): void {
    this.blue = planes;
    this.red = planes + <usize>(width * height);
    this.colourWidth = width;
    this.colourHeight = height;
  }

  /** How red the place is, −128 … 127; 0 in a grey picture. In pixels of the smaller picture. */
  // @ts-ignore: decorator
  @inline
  redAt(x: i32, y: i32): i32 {
    return this.blue == 0 ? 0 : this.colourAt(this.red, x, y);
  }

  /** How blue the place is, −128 … 127; 0 in a grey picture. */
  // @ts-ignore: decorator
  @inline
  blueAt(x: i32, y: i32): i32 {
    return this.blue == 0 ? 0 : this.colourAt(this.blue, x, y);
  }

  // @ts-ignore: decorator
  @inline
  private colourAt(plane: usize, x: i32, y: i32): i32 {
    const cx = min<i32>((x * this.scale) >> 1, this.colourWidth - 1);
    const cy = min<i32>((y * this.scale) >> 1, this.colourHeight - 1);
    return <i32>load<u8>(plane + <usize>(cy * this.colourWidth + cx)) - 128;
  }

  /** Sums up the rows from `top` on. */
  sum(top: i32): void {
    this.top = max<i32>(0, min<i32>(top, this.height - 8));
    const width = this.width;
    const height = this.height;
    const stride = width + 1;
    const luma = changetype<usize>(this.luma);
    const sums = changetype<usize>(this.sums);
    const standing = changetype<usize>(this.standing);
    const lying = changetype<usize>(this.lying);
    memory.fill(sums, 0, <usize>(stride * 4));
    memory.fill(standing, 0, <usize>(stride * 4));
    memory.fill(lying, 0, <usize>(stride * 4));
    for (let y = this.top; y < height; y++) {
      const row = luma + <usize>(y * width);
      const over = y > 0 ? row - <usize>width : row;
      const under = y < height - 1 ? row + <usize>width : row;
      const line = <usize>((y - this.top + 1) * stride * 4);
      const before = line - <usize>(stride * 4);
      let sum: u32 = 0;
      let stand: u32 = 0;
      let lie: u32 = 0;
      store<u32>(sums + line, 0);
      store<u32>(standing + line, 0);
      store<u32>(lying + line, 0);
      let left: i32 = load<u8>(row);
      let here: i32 = left;
      for (let x = 0; x < width; x++) {
        const right: i32 = x < width - 1 ? <i32>load<u8>(row + <usize>x, 1) : here;
        sum += here;
        stand += abs<i32>(right - left);
        lie += abs<i32>(<i32>load<u8>(under + <usize>x) - <i32>load<u8>(over + <usize>x));
        const at = <usize>((x + 1) << 2);
        store<u32>(sums + line + at, sum + load<u32>(sums + before + at));
        store<u32>(standing + line + at, stand + load<u32>(standing + before + at));
        store<u32>(lying + line + at, lie + load<u32>(lying + before + at));
        left = here;
        here = right;
      }
    }
  }

  /** Mean luminance of columns left … right − 1 and rows top … bottom − 1 (at least one pixel, inside the summed rows). */
  // @ts-ignore: decorator
  @inline
  mean(left: i32, top: i32, right: i32, bottom: i32): f32 {
    return <f32>this.box(this.sums, left, top, right, bottom) / <f32>((right - left) * (bottom - top));
  }

  /** Mean strength of edges that stand (differences from left to right), 0 … 255. */
  // @ts-ignore: decorator
  @inline
  standingEdges(left: i32, top: i32, right: i32, bottom: i32): f32 {
    return <f32>this.box(this.standing, left, top, right, bottom) / <f32>((right - left) * (bottom - top));
  }

  /** Mean strength of edges that lie (differences from above to below), 0 … 255. */
  // @ts-ignore: decorator
  @inline
  lyingEdges(left: i32, top: i32, right: i32, bottom: i32): f32 {
    return <f32>this.box(this.lying, left, top, right, bottom) / <f32>((right - left) * (bottom - top));
  }

  /** Forgets the picture: what is left of it in memory becomes zeros. */
  clear(): void {
    const bytes = <usize>((this.width + 1) * (this.height - this.top + 1) * 4);
    memory.fill(changetype<usize>(this.luma), 0, <usize>(this.width * this.height));
    memory.fill(changetype<usize>(this.sums), 0, bytes);
    memory.fill(changetype<usize>(this.standing), 0, bytes);
    memory.fill(changetype<usize>(this.lying), 0, bytes);
    this.blue = 0;
  }

  // @ts-ignore: decorator
  @inline
  private box(sums: StaticArray<u32>, left: i32, top: i32, right: i32, bottom: i32): u32 {
    const stride = this.width + 1;
    const above = changetype<usize>(sums) + <usize>((top - this.top) * stride * 4);
    const below = changetype<usize>(sums) + <usize>((bottom - this.top) * stride * 4);
    const l = <usize>(left << 2);
    const r = <usize>(right << 2);
    return load<u32>(below + r) - load<u32>(below + l) - load<u32>(above + r) + load<u32>(above + l);
  }

  private shrinkRow(from: usize, stride: i32, to: usize): void {
    const scale = this.scale;
    const area = <u32>(scale * scale);
    for (let x = 0; x < this.width; x++) {
      let sum: u32 = area >> 1;
      for (let dy = 0; dy < scale; dy++) {
        for (let dx = 0; dx < scale; dx++) sum += load<u8>(from + <usize>(dy * stride + x * scale + dx));
      }
      store<u8>(to + <usize>x, <u8>(sum / area));
    }
  }
}

/** Means of 2 × 2 pixels of two rows. */
function halveRow(above: usize, below: usize, to: usize, width: i32): void {
  let x = 0;
  const two = i16x8.splat(2);
  for (; x + 8 <= width; x += 8) {
    const at = <usize>(x << 1);
    const a = i16x8.extadd_pairwise_i8x16_u(v128.load(above + at));
    const b = i16x8.extadd_pairwise_i8x16_u(v128.load(below + at));
    const mean = i16x8.shr_u(i16x8.add(i16x8.add(a, b), two), 2);
    v128.store64_lane(to + <usize>x, i8x16.narrow_i16x8_u(mean, mean), 0);
  }
  for (; x < width; x++) {
    const at = <usize>(x << 1);
    const sum = <u32>load<u8>(above + at) + load<u8>(above + at, 1) + load<u8>(below + at) + load<u8>(below + at, 1);
    store<u8>(to + <usize>x, <u8>((sum + 2) >> 2));
  }
}
