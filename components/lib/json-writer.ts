/**
 * Writes JSON as UTF-8 into memory that is kept from message to message: no garbage. Numbers are compact (fixed
 * decimals, trailing zeros dropped); NaN and infinities become `null`.
 *
 *     writer.reset();
 *     writer.openObject();
 *     writer.key("time_us");
 *     writer.integer(now);
 *     writer.closeObject();
 *     publish(topic, writer.pointer, writer.length);
 */
export class JsonWriter {
  /** Address of the text. Changes when the memory grows: read it after the last write. */
  pointer: usize;
  /** Bytes written since `reset`. */
  length: i32 = 0;
  private capacity: i32;
  /** Whether the next value or key needs a comma before it. */
  private comma: bool = false;

  constructor(capacity: i32 = 4096) {
    this.capacity = max<i32>(capacity, 64);
    this.pointer = heap.alloc(<usize>this.capacity);
  }

  /** Starts a new text. The memory stays. */
  reset(): void {
    this.length = 0;
    this.comma = false;
  }

  openObject(): void {
    this.separate();
    this.byte(0x7b);
    this.comma = false;
  }

  closeObject(): void {
    this.byte(0x7d);
    this.comma = true;
  }

  openArray(): void {
    this.separate();
    this.byte(0x5b);
    this.comma = false;
  }

  closeArray(): void {
    this.byte(0x5d);
    this.comma = true;
  }

  /** A key of the object that is open; its value must follow. */
  key(name: string): void {
    this.text(name);
    this.byte(0x3a);
    this.comma = false;
  }

  nil(): void {
    this.separate();
    this.ascii4(0x6c6c756e); // null
    this.comma = true;
  }

  boolean(value: bool): void {
    this.separate();
    if (value) {
      this.ascii4(0x65757274); // true
    } else {
      this.byte(0x66);
      this.ascii4(0x65736c61); // alse
    }
    this.comma = true;
  }

  integer(value: i64): void {
    this.separate();
    if (value < 0) this.byte(0x2d);
    this.digits(value < 0 ? <u64>-value : <u64>value, 1);
    this.comma = true;
  }

  /** A number, rounded to so many decimals (0 … 9); `null` where it is not finite. */
  number(value: f64, decimals: i32): void {
    if (!isFinite(value)) {
      this.nil();
      return;
    }
    const places = max<i32>(0, min<i32>(decimals, 9));
    let scale: i64 = 1;
    for (let i = 0; i < places; i++) scale *= 10;
    const scaled = nearest<f64>(value * <f64>scale);
    if (abs<f64>(scaled) >= 9.0e18) {
      this.large(value);
      return;
    }
    const fixed = <i64>scaled;
    const magnitude = <u64>abs<i64>(fixed);
    this.separate();
    if (fixed < 0) this.byte(0x2d);
    this.digits(magnitude / <u64>scale, 1);
    this.fraction(magnitude % <u64>scale, places);
    this.comma = true;
  }

  /** A string, escaped. Half surrogate pairs become U+FFFD. */
  text(value: string): void {
    this.separate();
    const length = value.length;
    this.reserve(length * 6 + 2);
    this.byte(0x22);
    for (let i = 0; i < length; i++) {
      let c: u32 = value.charCodeAt(i);
      if ((c & 0xf800) == 0xd800) {
        const low: u32 = i + 1 < length ? value.charCodeAt(i + 1) : 0;
        if ((c & 0xfc00) == 0xd800 && (low & 0xfc00) == 0xdc00) {
          c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
          i++;
        } else {
          c = 0xfffd;
        }
      }
      this.character(c);
    }
    this.byte(0x22);
    this.comma = true;
  }

  private character(c: u32): void {
    if (c == 0x22 || c == 0x5c) {
      this.byte(0x5c);
      this.byte(c);
    } else if (c < 0x20) {
      this.ascii4(0x3030755c); // \u00
      this.byte(hexDigit(c >> 4));
      this.byte(hexDigit(c & 15));
    } else if (c < 0x80) {
      this.byte(c);
    } else if (c < 0x800) {
      this.byte(0xc0 | (c >> 6));
      this.byte(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      this.byte(0xe0 | (c >> 12));
      this.byte(0x80 | ((c >> 6) & 0x3f));
      this.byte(0x80 | (c & 0x3f));
    } else {
      this.byte(0xf0 | (c >> 18));
      this.byte(0x80 | ((c >> 12) & 0x3f));
      this.byte(0x80 | ((c >> 6) & 0x3f));
      this.byte(0x80 | (c & 0x3f));
    }
  }

  /** Decimal digits with leading zeros up to `least`. */
  private digits(value: u64, least: i32): void {
    let count = 1;
    for (let rest = value / 10; rest != 0; rest /= 10) count++;
    if (count < least) count = least;
    this.reserve(count);
    let at = this.pointer + <usize>(this.length + count);
    let rest = value;
    for (let i = 0; i < count; i++) {
      at--;
      store<u8>(at, <u8>(0x30 + rest % 10));
      rest /= 10;
    }
    this.length += count;
  }

  private fraction(value: u64, places: i32): void {
    if (value == 0) return;
    let rest = value;
    let count = places;
    while (rest % 10 == 0) {
      rest /= 10;
      count--;
    }
    this.byte(0x2e);
    this.digits(rest, count);
  }

  /** Numbers beyond what 64-bit digits hold. The only place that makes garbage. */
  private large(value: f64): void {
    this.separate();
    const digits = value.toString();
    for (let i = 0; i < digits.length; i++) this.byte(digits.charCodeAt(i));
    this.comma = true;
  }

  private separate(): void {
    if (this.comma) this.byte(0x2c);
    this.comma = false;
  }

  private byte(value: u32): void {
    this.reserve(1);
    store<u8>(this.pointer + <usize>this.length, <u8>value);
    this.length++;
  }

  private ascii4(value: u32): void {
    this.reserve(4);
    store<u32>(this.pointer + <usize>this.length, value);
    this.length += 4;
  }

  private reserve(more: i32): void {
    const needed = this.length + more;
    if (needed <= this.capacity) return;
    let capacity = this.capacity;
    while (capacity < needed) capacity *= 2;
    const moved = heap.alloc(<usize>capacity);
    memory.copy(moved, this.pointer, <usize>this.length);
    heap.free(this.pointer);
    this.pointer = moved;
    this.capacity = capacity;
  }
}

function hexDigit(value: u32): u32 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}
