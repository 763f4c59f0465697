import { allocate, reallocate } from "./arena";
import { digitCount, MOST_DIGITS, powerOfTen, scaled } from "./decimal";
import { Chars } from "./views";

/** Text under construction, as UTF-16 in the arena. It starts with the address and the length, so that it can be viewed as `Chars`. */
@unmanaged
export class TextWriter {
  private constructor() {}
  @inline private get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  @inline private get room(): i32 { return load<i32>(changetype<usize>(this), 8); }

  /** In UTF-16 units. */
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  /** What was written so far. The view is overtaken by further writing. */
  @inline get chars(): Chars { return changetype<Chars>(changetype<usize>(this)); }

  text(text: string): TextWriter {
    return this.copy(changetype<usize>(text), text.length);
  }

  append(chars: Chars): TextWriter {
    return this.copy(chars.ptr, chars.length);
  }

  /** One UTF-16 unit. */
  unit(code: i32): TextWriter {
    store<u16>(this.extend(1), <u16>code);
    return this;
  }

  /** Text with the characters escaped that mean something in XML. */
  xml(text: string): TextWriter {
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

  integer(value: i64): TextWriter {
    if (value < 0) {
      this.unit(0x2d);
      return this.unsigned(<u64>0 - <u64>value);
    }
    return this.unsigned(<u64>value);
  }

  unsigned(value: u64): TextWriter {
    return this.padded(value, digitCount(value));
  }

  /** With so many decimal places (at most 15), rounded half away from zero. Beyond 9e15 units of the last place as AssemblyScript writes it. */
  fixed(value: f64, digits: i32): TextWriter {
    const places = min(max(digits, 0), MOST_DIGITS);
    const units = scaled(value, places);
    if (isNaN(value) || units == u64.MAX_VALUE) return this.text(value.toString());
    const power = powerOfTen(places);
    if (value < 0 && units > 0) this.unit(0x2d);
    this.unsigned(units / power);
    return places > 0 ? this.unit(0x2e).padded(units % power, places) : this;
  }

  /** A managed copy. */
  toString(): string { return this.chars.toString(); }

  private padded(value: u64, digits: i32): TextWriter {
    const start = this.extend(digits);
    for (let i = digits - 1; i >= 0; i--) {
      store<u16>(start + (<usize>i << 1), <u16>(0x30 + value % 10));
      value /= 10;
    }
    return this;
  }

  private copy(from: usize, length: i32): TextWriter {
    memory.copy(this.extend(length), from, <usize>length << 1);
    return this;
  }

  /** Room for so many units; the answer is where they go. */
  private extend(units: i32): usize {
    const self = changetype<usize>(this);
    const length = this.length;
    if (units > this.room - length) {
      const room = max(length + units, length << 1);
      store<usize>(self, reallocate(this.ptr, <usize>this.room << 1, 2, <usize>room << 1));
      store<i32>(self, room, 8);
    }
    store<i32>(self, length + units, 4);
    return this.ptr + (<usize>length << 1);
  }
}

/** @param capacity in UTF-16 units; it grows by itself */
export function newTextWriter(capacity: i32 = 1024): TextWriter {
  const writer = allocate(12, 4);
  store<usize>(writer, allocate(<usize>capacity << 1, 2));
  store<i32>(writer, capacity, 8);
  return changetype<TextWriter>(writer);
}
