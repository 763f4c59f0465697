import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAGE_BYTES, PageTable, ZERO_SLOT } from "./page-table.ts";

const page = (value: number) => {
  const bytes = Buffer.alloc(PAGE_BYTES);
  bytes.writeUInt32LE(value + 1, 100);
  return bytes;
};

describe("the table of pages", () => {
  it("keeps equal pages once, counts references, and nothing for zeros", () => {
    const table = new PageTable(() => {});
    expect(table.keep(new Uint8Array(PAGE_BYTES))).toBe(ZERO_SLOT);
    const slot = table.keep(page(1));
    expect(table.keep(page(1))).toBe(slot);
    expect(table.pages).toBe(1);
    table.release(slot);
    expect(table.borrow(slot)).toEqual(page(1));
    table.release(slot);
    expect(table.pages).toBe(0);
    expect(() => table.release(slot)).toThrow(/Invariant/);
  });

  it("behaves as a map of counted pages", () => {
    const actions = fc.array(fc.tuple(fc.boolean(), fc.nat(5000)), { maxLength: 2000, size: "+2" });
    fc.assert(
      fc.property(actions, (steps) => {
        const table = new PageTable(() => {});
        const model = new Map<number, { slot: number; count: number }>();
        for (const [add, value] of steps) {
          const known = model.get(value);
          if (add) {
            const slot = table.keep(page(value));
            if (known) expect(slot).toBe(known.slot);
            model.set(value, { slot, count: (known?.count ?? 0) + 1 });
          } else if (known) {
            table.release(known.slot);
            if (known.count === 1) model.delete(value);
            else model.set(value, { slot: known.slot, count: known.count - 1 });
          }
        }
        expect(table.pages).toBe(model.size);
        for (const [value, { slot }] of model) expect(page(value).equals(table.borrow(slot))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("lets pages on disk leave memory when nobody holds them, and says when they are gone", () => {
    const gone: number[] = [];
    const table = new PageTable((extent) => gone.push(extent));
    const slot = table.keep(page(3));
    table.hold(slot);
    table.stored(slot, 77, 5);
    expect(table.isInRam(slot)).toBe(true);
    table.unhold(slot);
    expect(table.isInRam(slot)).toBe(false);
    expect([table.extentOf(slot), table.placeOf(slot)]).toEqual([77, 5]);
    expect(table.matches(slot, page(3))).toBe(true);
    expect(table.matches(slot, page(4))).toBe(false);
    table.release(slot);
    expect(gone).toEqual([77]);
  });

  it("is recovered from what was written down", () => {
    const table = new PageTable(() => {});
    const [a, b] = [table.keep(page(1)), table.keep(page(2))];
    const other = new PageTable(() => {});
    other.recover(5000, table.key(a), 1, 0);
    other.recover(7, table.key(b), 1, 1);
    other.retain(5000);
    other.recovered();
    expect(other.pages).toBe(1);
    expect(other.keep(page(1))).toBe(5000);
    expect(other.keep(page(2))).not.toBe(5000);
    expect(other.pages).toBe(2);
  });
});
