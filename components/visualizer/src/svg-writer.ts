/**
 * Writes SVG as UTF-16 into memory that is used from picture to picture: no garbage. Numbers are written the same way everywhere: rounded to a
 * number of decimals, without zeros at the end.
 */
const LARGEST: f64 = 1e9;

export class SvgWriter {
  /** Address of the text. It moves when the memory grows: read it after the last write. */
  pointer: usize = 0;
  /** In UTF-16 units. */
  length: i32 = 0;

  constructor(private capacity: i32) {}

  /** Begins a new text; needed before the first one too. */
  reset(): void {
    this.length = 0;
    this.pointer = this.obtain(this.pointer, this.capacity);
  }

  /** Memory for so many units, given the one that was used before (0 for none). */
  protected obtain(pointer: usize, units: i32): usize {
    return pointer != 0 ? pointer : heap.alloc(<usize>units << 1);
  }

  /** More memory with the same text. */
  protected enlarge(pointer: usize, from: i32, to: i32): usize {
    return heap.realloc(pointer, <usize>to << 1);
  }

  /** Text as it is. */
  text(text: string): SvgWriter {
    return this.copy(changetype<usize>(text), text.length);
  }

  /** What another writer holds. */
  append(other: SvgWriter): SvgWriter {
    return this.copy(other.pointer, other.length);
  }

  /** Text in which the characters are escaped that mean something in XML. */
  escaped(text: string): SvgWriter {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code == 0x26) this.text("&amp;");
      else if (code == 0x3c) this.text("&lt;");
      else if (code == 0x3e) this.text("&gt;");
      else if (code == 0x22) this.text("&quot;");
      else this.unit(code);
    }
    return this;
  }

  /** A coordinate or size: one decimal. */
  at(value: f64): SvgWriter {
    return this.number(value, 1, false);
  }

  /** Two coordinates, separated by a space. */
  point(x: f64, y: f64): SvgWriter {
    return this.at(x).unit(0x20).at(y);
  }

  /** ` name="value"` */
  attribute(name: string, value: f64): SvgWriter {
    return this.unit(0x20).text(name).text('="').number(value, 2, false).unit(0x22);
  }

  /** Rounded to so many decimals (0 … 3), half away from zero; with all of them where `padded`. What is not finite is written as 0. */
  number(value: f64, decimals: i32, padded: bool): SvgWriter {
    const scale = decimals == 0 ? 1 : decimals == 1 ? 10 : decimals == 2 ? 100 : 1000;
    const size = isFinite(value) ? min<f64>(abs<f64>(value), LARGEST) : 0;
    const scaled = <u64>(size * <f64>scale + 0.5);
    if (value < 0 && scaled > 0) this.unit(0x2d);
    this.whole(scaled / scale, 1);
    let rest = scaled % scale;
    let places = decimals;
    while (!padded && places > 0 && rest % 10 == 0) {
      rest /= 10;
      places--;
    }
    if (places > 0) this.unit(0x2e).whole(rest, places);
    return this;
  }

  /** A whole number with so many digits at least. */
  whole(value: u64, digits: i32): SvgWriter {
    let count = 1;
    for (let rest = value; rest >= 10; rest /= 10) count++;
    count = max<i32>(count, digits);
    let at = this.reserve(count) + (<usize>(count - 1) << 1);
    for (let i = 0; i < count; i++) {
      store<u16>(at, <u16>(0x30 + (value % 10)));
      value /= 10;
      at -= 2;
    }
    return this;
  }

  /** One UTF-16 unit. */
  unit(code: i32): SvgWriter {
    store<u16>(this.reserve(1), <u16>code);
    return this;
  }

  private copy(from: usize, units: i32): SvgWriter {
    memory.copy(this.reserve(units), from, <usize>units << 1);
    return this;
  }

  /** Room for so many units; returns where they go. */
  private reserve(units: i32): usize {
    if (this.length + units > this.capacity) {
      const larger = max<i32>(this.capacity * 2, this.length + units);
      this.pointer = this.enlarge(this.pointer, this.capacity, larger);
      this.capacity = larger;
    }
    const at = this.pointer + (<usize>this.length << 1);
    this.length += units;
    return at;
  }
}
