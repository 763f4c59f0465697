import type { Reader } from "../binary/reader.ts";
import { ComponentModelError } from "../errors.ts";
import type { ComponentNames } from "./steps.ts";

/** The rest of a `component-name` section. It is only advice: a broken one counts as absent, as the format demands. */
export function readNames(reader: Reader): ComponentNames | undefined {
  try {
    return readSubsections(reader);
  } catch (error) {
    if (error instanceof ComponentModelError) return undefined;
    throw error;
  }
}

function readSubsections(reader: Reader): ComponentNames {
  let component: string | undefined;
  const instances = new Map<number, string>();
  const components = new Map<number, string>();
  while (!reader.done) {
    const id = reader.u8();
    const part = reader.part(reader.u32());
    if (id === 0) component = part.name();
    if (id !== 1) continue;
    const sort = part.u8();
    const target = sort === 0x05 ? instances : sort === 0x04 ? components : undefined;
    if (target === undefined) continue;
    part.vector("names", () => {
      const index = part.u32();
      target.set(index, part.name());
    });
  }
  return { component, instances, components };
}
