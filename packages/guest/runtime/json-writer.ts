import { allocate, reallocate } from "./arena";
import { digitCount, MOST_DIGITS, powerOfTen, scaled } from "./decimal";
import { Bytes } from "./views";

/**
 * JSON under construction, as UTF-8 in the arena. Commas come by themselves. It starts with the address and the length, so
 * that it can be viewed as `Bytes`.
 */
@unmanaged
export class JsonWriter {
  private constructor() {}
  @inline private get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  @inline private get length(): i32 { return load<i32>(changetype<usize>(this), 4); }
  @inline private get room(): i32 { return load<i32>(changetype<usize>(this), 8); }
  @inline private get comma(): bool { return load<bool>(changetype<usize>(this), 12); }
  @inline private set comma(value: bool) { store<bool>(changetype<usize>(this), value, 12); }

  /** What was written so far. The view is overtaken by further writing. */
  @inline get bytes(): Bytes { return changetype<Bytes>(changetype<usize>(this)); }

  beginObject(): JsonWriter { return this.open(0x7b); }
  endObject(): JsonWriter { return this.close(0x7d); }
  beginArray(): JsonWriter { return this.open(0x5b); }
  endArray(): JsonWriter { return this.close(0x5d); }

  key(name: string): JsonWriter {
    this.separate();
    this.quote(name);
    this.byte(0x3a);
    this.comma = false;
    return this;
  }

  string(text: string): JsonWriter {
    this.separate();
    this.quote(text);
    return this;
  }

  integer(value: i64): JsonWriter {
    this.separate();
    if (value < 0) this.byte(0x2d);
    this.digits(value < 0 ? <u64>0 - <u64>value : <u64>value);
    return this;
  }

  unsigned(value: u64): JsonWriter {
    this.separate();
    this.digits(value);
    return this;
  }

  /** With at most so many decimal places (at most 15), without zeros at the end. What is no number becomes null. */
  number(value: f64, digits: i32 = 6): JsonWriter {
    if (!isFinite(value)) return this.nothing();
    this.separate();
    let places = min(max(digits, 0), MOST_DIGITS);
    let units = scaled(value, places);
    if (units == u64.MAX_VALUE) {
      this.ascii(value.toString());
      return this;
    }
    while (places > 0 && units % 10 == 0) {
      units /= 10;
      places--;
    }
    const power = powerOfTen(places);
    if (value < 0 && units > 0) this.byte(0x2d);
    this.digits(units / power);
    if (places > 0) {
      this.byte(0x2e);
      this.padded(units % power, places);
    }
    return this;
  }

  boolean(value: bool): JsonWriter {
    this.separate();
    this.ascii(value ? "true" : "false");
    return this;
  }

  nothing(): JsonWriter {
    this.separate();
    this.ascii("null");
    return this;
  }

  private open(bracket: i32): JsonWriter {
    this.separate();
    this.byte(bracket);
    this.comma = false;
    return this;
  }

  private close(bracket: i32): JsonWriter {
    this.byte(bracket);
    this.comma = true;
    return this;
  }

  /** Before a key or a value. */
  private separate(): void {
    if (this.comma) this.byte(0x2c);
    this.comma = true;
  }

  private quote(text: string): void {
    this.byte(0x22);
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i);
      if (code > 0xffff) i++;
      if (code == 0x22 || code == 0x5c) {
        this.byte(0x5c);
        this.byte(code);
      } else if (code < 0x20) this.escape(code);
      else if (code < 0x80) this.byte(code);
      else this.multibyte(code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    }
    this.byte(0x22);
  }

  private escape(code: i32): void {
    this.ascii(code < 0x10 ? "\\u000" : "\\u001");
    this.byte("0123456789abcdef".charCodeAt(code & 15));
  }

  private multibyte(code: i32): void {
    if (code < 0x800) this.byte(0xc0 | (code >> 6));
    else {
      if (code < 0x10000) this.byte(0xe0 | (code >> 12));
      else {
        this.byte(0xf0 | (code >> 18));
        this.byte(0x80 | ((code >> 12) & 0x3f));
      }
      this.byte(0x80 | ((code >> 6) & 0x3f));
    }
    this.byte(0x80 | (code & 0x3f));
  }

  private digits(value: u64): void { this.padded(value, digitCount(value)); }

  private padded(value: u64, digits: i32): void {
    const start = this.extend(digits);
    for (let i = digits - 1; i >= 0; i--) {
      store<u8>(start + i, <u8>(0x30 + value % 10));
      value /= 10;
    }
  }

  private ascii(text: string): void {
    const start = this.extend(text.length);
    for (let i = 0; i < text.length; i++) store<u8>(start + i, <u8>text.charCodeAt(i));
  }

  private byte(value: i32): void { store<u8>(this.extend(1), <u8>value); }

  /** Room for so many bytes; the answer is where they go. */
  private extend(size: i32): usize {
    const self = changetype<usize>(this);
    const length = this.length;
    if (size > this.room - length) {
      const room = max(length + size, length << 1);
      store<usize>(self, reallocate(this.ptr, <usize>this.room, 1, <usize>room));
      store<i32>(self, room, 8);
    }
    store<i32>(self, length + size, 4);
    return this.ptr + length;
  }
}

/** @param capacity in bytes; it grows by itself */
export function newJsonWriter(capacity: i32 = 1024): JsonWriter {
  const writer = allocate(16, 4);
  store<usize>(writer, allocate(<usize>capacity, 1));
  store<i32>(writer, capacity, 8);
  return changetype<JsonWriter>(writer);
}
