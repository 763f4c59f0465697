/**
 * Plain data as bytes: null, undefined, booleans, numbers, bigints, strings, typed arrays, and arrays and objects of such. What is written is
 * exact (−0, infinities and half surrogate pairs included; a NaN is any NaN), equal data made in the same order of keys give equal bytes on
 * every machine, and objects come back with their keys in that order.
 */

/** Puts a large array of bytes elsewhere and says under which number; undefined keeps it in line. */
export type PutBlob = (bytes: Uint8Array) => number | undefined;
/** Finds what `PutBlob` put elsewhere. */
export type GetBlob = (index: number) => Uint8Array;

const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  number: 5,
  bigint: 6,
  text: 7,
  halves: 8,
  blob: 9,
  array: 10,
  object: 11,
  /** And the following, by the kind of array. */
  typed: 16,
} as const;

const arrays = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

/** @throws Error for anything else than plain data */
export function encodePlain(data: unknown, putBlob?: PutBlob): Uint8Array {
  const writer = new Writer(putBlob);
  writer.value(data);
  return writer.bytes();
}

/** @throws Error where the bytes are not what `encodePlain` wrote */
export function decodePlain(bytes: Uint8Array, getBlob?: GetBlob): unknown {
  const reader = new Reader(bytes, getBlob);
  const value = reader.value();
  if (reader.at !== bytes.length) throw damaged(`its end at ${reader.at}`, `${bytes.length} bytes`);
  return value;
}

class Writer {
  readonly #putBlob: PutBlob | undefined;
  #buffer = Buffer.allocUnsafeSlow(16_384);
  #length = 0;

  constructor(putBlob: PutBlob | undefined) {
    this.#putBlob = putBlob;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, 0, this.#length);
  }

  value(data: unknown): void {
    if (typeof data === "object") this.#object(data);
    else if (typeof data === "number") this.#number(data);
    else if (typeof data === "string") this.#text(isWellFormed(data) ? Tag.text : Tag.halves, data);
    else if (typeof data === "boolean") this.#tag(data ? Tag.true : Tag.false);
    else if (typeof data === "bigint") this.#text(Tag.bigint, data.toString());
    else if (data === undefined) this.#tag(Tag.undefined);
    else throw new Error(`expected plain data, found a ${typeof data}`);
  }

  #object(data: object | null): void {
    if (data === null) this.#tag(Tag.null);
    else if (Array.isArray(data)) {
      this.#tag(Tag.array);
      this.#count(data.length);
      for (const item of data) this.value(item);
    } else if (ArrayBuffer.isView(data)) this.#typed(data);
    else {
      const prototype: unknown = Object.getPrototypeOf(data);
      if (prototype !== Object.prototype && prototype !== null)
        throw new Error(`expected plain data, found an object of class ${data.constructor?.name ?? "?"}`);
      const entries = Object.entries(data);
      this.#tag(Tag.object);
      this.#count(entries.length);
      for (const [key, value] of entries) {
        this.value(key);
        this.value(value);
      }
    }
  }

  #typed(data: ArrayBufferView): void {
    const kind = arrays.findIndex((array) => data instanceof array);
    if (kind < 0) throw new Error(`expected plain data, found a ${data.constructor.name}`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const blob = kind === 0 ? this.#putBlob?.(data as Uint8Array) : undefined;
    this.#tag(blob === undefined ? Tag.typed + kind : Tag.blob);
    this.#count(blob ?? bytes.length);
    if (blob !== undefined) return;
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #number(data: number): void {
    if (Number.isInteger(data) && Math.abs(data) < 2 ** 31 && !Object.is(data, -0)) {
      this.#tag(Tag.int);
      this.#reserve(4);
      this.#length = this.#buffer.writeInt32LE(data, this.#length);
      return;
    }
    this.#tag(Tag.number);
    this.#reserve(8);
    if (Number.isNaN(data)) this.#length = this.#buffer.writeBigUInt64LE(0x7ff8n << 48n, this.#length);
    else this.#length = this.#buffer.writeDoubleLE(data, this.#length);
  }

  #text(tag: number, data: string): void {
    const encoding = tag === Tag.halves ? "utf16le" : "utf8";
    const length = Buffer.byteLength(data, encoding);
    this.#tag(tag);
    this.#count(length);
    this.#reserve(length);
    this.#length += this.#buffer.write(data, this.#length, encoding);
  }

  #tag(tag: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = tag;
  }

  #count(count: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(count, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

class Reader {
  readonly #bytes: Buffer;
  readonly #getBlob: GetBlob | undefined;
  at = 0;

  constructor(bytes: Uint8Array, getBlob: GetBlob | undefined) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#getBlob = getBlob;
  }

  value(): unknown {
    const tag = this.#take(1)[0] as number;
    switch (tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.int:
        return this.#take(4).readInt32LE(0);
      case Tag.number:
        return this.#take(8).readDoubleLE(0);
      case Tag.bigint:
        return BigInt(this.#text("utf8"));
      case Tag.text:
        return this.#text("utf8");
      case Tag.halves:
        return this.#text("utf16le");
      case Tag.blob:
        return this.#blob(this.#count());
      case Tag.array:
        return Array.from({ length: this.#items() }, () => this.value());
      case Tag.object:
        return this.#object(this.#items());
      default:
        return this.#typed(tag - Tag.typed);
    }
  }

  #object(count: number): object {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const key = this.value();
      if (typeof key !== "string") throw damaged("a key", typeof key);
      // A key such as __proto__ is one like any other.
      Object.defineProperty(object, key, {
        value: this.value(),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return object;
  }

  #typed(kind: number): ArrayBufferView {
    const array = arrays[kind];
    if (array === undefined) throw damaged("a value", `the tag ${kind + Tag.typed}`);
    const bytes = Uint8Array.prototype.slice.call(this.#take(this.#count()));
    if (bytes.length % array.BYTES_PER_ELEMENT !== 0)
      throw damaged(`a ${array.name}`, `${bytes.length} bytes`);
    return array === Uint8Array ? new Uint8Array(bytes.buffer) : new array(bytes.buffer);
  }

  #blob(index: number): Uint8Array {
    if (this.#getBlob === undefined) throw damaged("data without references", `one to ${index}`);
    return this.#getBlob(index);
  }

  #text(encoding: "utf8" | "utf16le"): string {
    return this.#take(this.#count()).toString(encoding);
  }

  #count(): number {
    return this.#take(4).readUInt32LE(0);
  }

  /** Each takes a byte at least, so that damage cannot ask for more than there is. */
  #items(): number {
    const count = this.#count();
    if (count > this.#bytes.length - this.at) throw damaged(`${count} values`, "fewer bytes");
    return count;
  }

  #take(length: number): Buffer {
    const start = this.at;
    this.at += length;
    if (this.at > this.#bytes.length)
      throw damaged(`${length} bytes at ${start}`, `${this.#bytes.length} in all`);
    return this.#bytes.subarray(start, this.at);
  }
}

/** Whether UTF-8 can carry the text. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

function damaged(expected: string, found: string): Error {
  return new Error(`damaged data: expected ${expected}, found ${found}`);
}
