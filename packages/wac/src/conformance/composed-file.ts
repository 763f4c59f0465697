/** What stands at the top of a component's binary, read without a decoder: a check must not trust what it checks. */

const PREAMBLE_BYTES = 8;
const CUSTOM_SECTION = 0;
const COMPONENT_SECTION = 4;

interface Section {
  readonly id: number;
  readonly content: Buffer;
}

/** The components directly inside a component, in their order. */
export function nestedComponents(bytes: Uint8Array): readonly Buffer[] {
  return sectionsOf(bytes).flatMap(({ id, content }) => (id === COMPONENT_SECTION ? [content] : []));
}

/** The tool that the producers section says a component was processed by. */
export function processedBy(
  bytes: Uint8Array,
): { readonly name: string; readonly version: string } | undefined {
  for (const { id, content } of sectionsOf(bytes)) {
    const reader = new Bytes(content);
    if (id !== CUSTOM_SECTION || reader.text() !== "producers") {
      continue;
    }
    for (let fields = reader.number(); fields > 0; fields--) {
      const field = reader.text();
      for (let tools = reader.number(); tools > 0; tools--) {
        const tool = { name: reader.text(), version: reader.text() };
        if (field === "processed-by") {
          return tool;
        }
      }
    }
  }
  return undefined;
}

function sectionsOf(bytes: Uint8Array): readonly Section[] {
  const reader = new Bytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  reader.take(PREAMBLE_BYTES);
  const sections: Section[] = [];
  while (!reader.ended) {
    const [id = 0] = reader.take(1);
    sections.push({ id, content: reader.take(reader.number()) });
  }
  return sections;
}

class Bytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      throw new Error(`the file ends early: ${length} bytes are expected at byte ${this.#at}`);
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const [byte = 0] = this.take(1);
      value += (byte & 127) * factor;
      if (byte < 128) {
        return value;
      }
    }
  }

  text(): string {
    return this.take(this.number()).toString("utf8");
  }
}
