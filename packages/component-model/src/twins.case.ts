import { expect, it } from "vitest";
import { decodeComponent } from "./component.ts";
import { assemble, failure } from "./testing.case.ts";

/** What the host must say, and a component in which every `«this|that»` is what is right and what is wrong about it. */
export type Twin = readonly [message: string, text: string];

/** Makes a test of each pair: the component is accepted with what is right, and refused for that reason with what is wrong. */
export function itTellsApart(twins: readonly Twin[], code: "invalid" | "malformed" = "invalid"): void {
  it.each(twins)("%s: %s", async (message, text) => {
    expect(text).toMatch(/«.*\|.*»/s);
    expect(decodeComponent(await assemble(pick(text, 1))).bytes.length).toBeGreaterThan(8);
    const bytes = await assemble(pick(text, 2));
    const error = failure(() => decodeComponent(bytes), code);
    expect(error.message).toContain(message);
    expect(error.offset).toBeGreaterThanOrEqual(8);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
  });
}

function pick(text: string, side: 1 | 2): string {
  return text.replace(/«([^|»]*)\|([^»]*)»/gs, (_, right: string, wrong: string) =>
    side === 1 ? right : wrong,
  );
}
