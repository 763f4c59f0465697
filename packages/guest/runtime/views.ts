/**
 * Lists and strings where the canonical ABI has them: views of an address and a length, in the arena or inside a record
 * there. Nothing of this allocates managed memory but `toString` and `utf8`.
 */

import { allocate, reallocate } from "./arena";

/** A `list<u8>`. */
@unmanaged
export class Bytes {
  private constructor() {}
  @inline get _stride(): usize { return 8; }
  @inline get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  @operator("[]") private get(index: i32): u8 { return load<u8>(this.at(index, 1)); }
  @operator("[]=") private put(index: i32, value: u8): void { store<u8>(this.at(index, 1), value); }

  u8(offset: i32): u8 { return load<u8>(this.at(offset, 1)); }
  i16(offset: i32): i16 { return load<i16>(this.at(offset, 2)); }
  u16(offset: i32): u16 { return load<u16>(this.at(offset, 2)); }
  i32(offset: i32): i32 { return load<i32>(this.at(offset, 4)); }
  u32(offset: i32): u32 { return load<u32>(this.at(offset, 4)); }
  i64(offset: i32): i64 { return load<i64>(this.at(offset, 8)); }
  u64(offset: i32): u64 { return load<u64>(this.at(offset, 8)); }
  f32(offset: i32): f32 { return load<f32>(this.at(offset, 4)); }
  f64(offset: i32): f64 { return load<f64>(this.at(offset, 8)); }

  /** The bytes from start up to end, which is not included. */
  slice(start: i32, end: i32): Bytes {
    if (start < 0 || end < start || end > this.length) throw new RangeError("slice out of bounds");
    return bytes(this.ptr + start, end - start);
  }

  copyTo(pointer: usize): void { memory.copy(pointer, this.ptr, this.length); }

  /** The text that the bytes are in UTF-8. */
  utf8(): string { return String.UTF8.decodeUnsafe(this.ptr, this.length); }

  @inline private at(offset: i32, size: i32): usize {
    if (offset < 0 || offset > this.length - size) throw new RangeError("offset out of bounds");
    return this.ptr + offset;
  }
}

/** A `list<f32>`. */
@unmanaged
export class Floats {
  private constructor() {}
  @inline get _stride(): usize { return 8; }
  @inline get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  @operator("[]") private get(index: i32): f32 { return load<f32>(this.at(index)); }
  @operator("[]=") private put(index: i32, value: f32): void { store<f32>(this.at(index), value); }

  /** The values from start up to end, which is not included. */
  slice(start: i32, end: i32): Floats {
    if (start < 0 || end < start || end > this.length) throw new RangeError("slice out of bounds");
    return floats(this.ptr + (<usize>start << 2), end - start);
  }

  copyTo(pointer: usize): void { memory.copy(pointer, this.ptr, <usize>this.length << 2); }

  @inline private at(index: i32): usize {
    if (<u32>index >= <u32>this.length) throw new RangeError("index out of bounds");
    return this.ptr + (<usize>index << 2);
  }
}

/** A string, as UTF-16 where it lies. */
@unmanaged
export class Chars {
  private constructor() {}
  @inline get _stride(): usize { return 8; }
  @inline get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  /** In UTF-16 units. */
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  @operator("[]") private get(index: i32): u16 {
    if (<u32>index >= <u32>this.length) throw new RangeError("index out of bounds");
    return load<u16>(this.ptr + (<usize>index << 1));
  }

  equals(text: string): bool {
    return this.length == text.length && !memory.compare(this.ptr, changetype<usize>(text), <usize>this.length << 1);
  }

  /** A managed copy. */
  toString(): string { return loadString(changetype<usize>(this)); }
}

/** A list of anything else: numbers, strings, records and so on. Elements that are objects are views of their place in the list. */
@unmanaged
export class List<T> {
  private constructor() {}
  @inline get _stride(): usize { return 8; }
  @inline get ptr(): usize { return load<usize>(changetype<usize>(this)); }
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  @operator("[]") private get(index: i32): T { return loadElement<T>(this.at(index)); }
  @operator("[]=") private put(index: i32, value: T): void { storeElement<T>(this.at(index), value); }

  @inline private at(index: i32): usize {
    if (<u32>index >= <u32>this.length) throw new RangeError("index out of bounds");
    return this.ptr + <usize>index * strideOf<T>();
  }
}

/** A list that grows. */
@unmanaged
export class ListBuilder<T> {
  private constructor() {}
  @inline private get room(): i32 { return load<i32>(changetype<usize>(this), 8); }

  /** What was added so far. The view is overtaken by the next `add` or `push`. */
  @inline get list(): List<T> { return changetype<List<T>>(changetype<usize>(this)); }
  @inline get length(): i32 { return load<i32>(changetype<usize>(this), 4); }

  /** Adds a zeroed element; the answer is a view of it (of a number or string: its zero). Valid until the next `add` or `push`. */
  add(): T { return loadElement<T>(this.extend()); }

  /** Adds a copy of an element. */
  push(value: T): void { storeElement<T>(this.extend(), value); }

  private extend(): usize {
    const self = changetype<usize>(this);
    const stride = strideOf<T>();
    const length = this.length;
    if (length == this.room) {
      const room = max(8, length << 1);
      store<usize>(self, reallocate(load<usize>(self), <usize>this.room * stride, 8, <usize>room * stride));
      store<i32>(self, room, 8);
    }
    store<i32>(self, length + 1, 4);
    return load<usize>(self) + <usize>length * stride;
  }
}

export function bytes(pointer: usize, length: i32): Bytes { return changetype<Bytes>(pair(pointer, length)); }
export function floats(pointer: usize, length: i32): Floats { return changetype<Floats>(pair(pointer, length)); }
export function chars(pointer: usize, length: i32): Chars { return changetype<Chars>(pair(pointer, length)); }
export function listOf<T>(pointer: usize, length: i32): List<T> { return changetype<List<T>>(pair(pointer, length)); }

/** The first bytes of an array of your own, without a copy. */
export function bytesOf(array: StaticArray<u8>, length: i32 = array.length): Bytes {
  if (<u32>length > <u32>array.length) throw new RangeError("longer than the array");
  return bytes(changetype<usize>(array), length);
}

/** The first values of an array of your own, without a copy. */
export function floatsOf(array: StaticArray<f32>, length: i32 = array.length): Floats {
  if (<u32>length > <u32>array.length) throw new RangeError("longer than the array");
  return floats(changetype<usize>(array), length);
}

/** A string where it lies, without a copy. */
export function charsOf(text: string): Chars { return chars(changetype<usize>(text), text.length); }

export function newBytes(length: i32): Bytes { return bytes(elements(length, 1), length); }
export function newFloats(length: i32): Floats { return floats(elements(length, 4), length); }
export function newList<T>(length: i32): List<T> { return listOf<T>(elements(length, strideOf<T>()), length); }
export function newListBuilder<T>(): ListBuilder<T> { return changetype<ListBuilder<T>>(allocate(12, 4)); }

/** Reads the string whose address and length lie at `place`. */
export function loadString(place: usize): string {
  const size = <usize>load<u32>(place, 4) << 1;
  const text = changetype<string>(__new(size, idof<string>()));
  memory.copy(changetype<usize>(text), load<usize>(place), size);
  return text;
}

/** Stores the address and length of a string. It is not collected before the call ends. */
export function storeString(place: usize, text: string): void {
  store<usize>(place, changetype<usize>(text));
  store<i32>(place, text.length, 4);
}

function pair(pointer: usize, length: i32): usize {
  const view = allocate(8, 4);
  store<usize>(view, pointer);
  store<i32>(view, length, 4);
  return view;
}

function elements(length: i32, stride: usize): usize {
  if (length < 0 || <u64>length * <u64>stride > 0x7fff0000) throw new RangeError("impossible length");
  return allocate(<usize>length * stride, 8);
}

@inline
function strideOf<T>(): usize {
  if (isString<T>()) return 8;
  else if (isReference<T>()) return changetype<T>(0)._stride;
  else return sizeof<T>();
}

@inline
function loadElement<T>(place: usize): T {
  if (isString<T>()) return changetype<T>(loadString(place));
  else if (isReference<T>()) return changetype<T>(place);
  else return load<T>(place);
}

@inline
function storeElement<T>(place: usize, value: T): void {
  if (isString<T>()) storeString(place, changetype<string>(value));
  else if (isReference<T>()) memory.copy(place, changetype<usize>(value), changetype<T>(0)._stride);
  else store<T>(place, value);
}
