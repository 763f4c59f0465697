/** The little of the core module format that is needed to see imports and to rename exports. */

const IMPORT_SECTION = 2;
const EXPORT_SECTION = 7;
const HEADER_SIZE = 8;

/** `module.name` of every import. */
export function importNames(module: Uint8Array): { module: string; name: string }[] {
  const section = sections(module).find((each) => each.id === IMPORT_SECTION);
  if (section === undefined) return [];
  const reader = new Reader(module, section.start);
  return Array.from({ length: reader.number() }, () => {
    const names = { module: reader.text(), name: reader.text() };
    reader.skipExternType();
    return names;
  });
}

/**
 * Renames exports. An export that the map does not name is left out, but for the memory; one with several names is
 * exported under each of them.
 */
export function renameExports(module: Uint8Array, names: ReadonlyMap<string, readonly string[]>): Uint8Array {
  const section = sections(module).find((each) => each.id === EXPORT_SECTION);
  if (section === undefined) return module;
  const reader = new Reader(module, section.start);
  const entries: number[][] = [];
  for (let left = reader.number(); left > 0; left--) {
    const name = reader.text();
    const kind = reader.byte();
    const index = reader.number();
    for (const each of names.get(name) ?? (name === "memory" ? [name] : [])) {
      const text = new TextEncoder().encode(each);
      entries.push([...unsigned(text.length), ...text, kind, ...unsigned(index)]);
    }
  }
  const body = [...unsigned(entries.length), ...entries.flat()];
  const renamed = [EXPORT_SECTION, ...unsigned(body.length), ...body];
  const rest = module.subarray(section.end);
  const result = new Uint8Array(section.header + renamed.length + rest.length);
  result.set(module.subarray(0, section.header));
  result.set(renamed, section.header);
  result.set(rest, section.header + renamed.length);
  return result;
}

interface Section {
  readonly id: number;
  /** Where the section's id is. */
  readonly header: number;
  readonly start: number;
  readonly end: number;
}

function sections(module: Uint8Array): Section[] {
  const found: Section[] = [];
  const reader = new Reader(module, HEADER_SIZE);
  while (reader.at < module.length) {
    const header = reader.at;
    const id = reader.byte();
    const size = reader.number();
    found.push({ id, header, start: reader.at, end: reader.at + size });
    reader.at += size;
  }
  return found;
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  /** An unsigned LEB128 number below 2³². */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }

  skipExternType(): void {
    const kind = this.byte();
    if (kind === 0) this.number();
    else if (kind === 3) this.at += 2;
    else {
      if (kind === 1) this.byte();
      const hasMaximum = (this.byte() & 1) !== 0;
      this.number();
      if (hasMaximum) this.number();
    }
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low | 0x80 : low);
    if (rest === 0) return bytes;
  }
}
