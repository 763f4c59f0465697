import { describe, expect, test } from "vitest";
import type { ResourceType, ValueType } from "../types.ts";
import { func, Guest, list, option, t } from "./guest.case.ts";
import {
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  disposeSymbol,
  HostResource,
  type RuntimeResource,
} from "./resources.ts";

class Subscriber {
  disposed = 0;
  [disposeSymbol](): void {
    this.disposed++;
  }
}

const subscriber: ResourceType = { kind: "resource", name: "subscriber" };
const own: ValueType = { kind: "own", resource: subscriber };
const borrow: ValueType = { kind: "borrow", resource: subscriber };
const runtime = new HostResource("subscriber", Subscriber);

function guestWith(resource: RuntimeResource = runtime, path = "guest"): Guest {
  const guest = new Guest(path);
  guest.resources = () => resource;
  return guest;
}

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}

describe("resources of the host", () => {
  test("are handles to the guest: made, lent, dropped", () => {
    const guest = guestWith();
    const made = new Subscriber();
    const subscribe = guest.import(func([], own), () => made);
    const read = guest.import(func([borrow], t.bool), (it: unknown) => it === made);
    const drop = canonResourceDrop(runtime, guest.state);
    const handle = subscribe() as number;
    expect(handle).toBe(1);
    expect(read(handle)).toBe(1);
    expect(guest.state.handles.size).toBe(1);
    drop(handle);
    expect(made.disposed).toBe(1);
    expect(guest.state.handles.size).toBe(0);
    expect(message(() => read(handle))).toContain("unknown handle index 1");
  });

  test("come back to the host as the same objects, and own moves", () => {
    const guest = guestWith();
    const made = new Subscriber();
    const give = guest.import(func([list(own)], list(own)), (all: unknown) => all);
    const lifted = guest.lift(func([list(own)], list(own)), (at: number, n: number) => {
      give(at, n, 64);
      return 64;
    });
    expect(lifted.call([made, made])).toEqual([made, made]);
    expect(guest.state.handles.size).toBe(0);
    expect(made.disposed).toBe(0);
  });

  test("must be of the class", () => {
    const lifted = guestWith().lift(func([option(own)]), () => undefined);
    lifted.call(undefined);
    expect(message(() => lifted.call({}))).toBe(
      "f: argument arg-0: expected a resource subscriber, found an object",
    );
  });

  test("use indices again, the last freed first", () => {
    const guest = guestWith();
    const make = guest.import(func([], own), () => new Subscriber());
    const drop = canonResourceDrop(runtime, guest.state);
    expect([make(), make(), make()]).toEqual([1, 2, 3]);
    drop(1);
    drop(2);
    expect([make(), make(), make()]).toEqual([2, 1, 4]);
  });

  test("lent to a call cannot be dropped or given away during it", () => {
    const guest = guestWith();
    const make = guest.import(func([], own), () => new Subscriber());
    const both = guest.import(func([borrow, own]), () => undefined);
    make();
    expect(message(() => both(1, 1))).toContain("cannot remove owned resource while borrowed");
  });

  test("that are borrowed by an export must be dropped before it returns", () => {
    const guest = guestWith();
    const drop = canonResourceDrop(runtime, guest.state);
    const made = new Subscriber();
    const good = guest.lift(func([borrow, list(borrow)]), (one: number, at: number, n: number) => {
      drop(one);
      for (let i = 0; i < n; i++) drop(guest.view.getUint32(at + 4 * i, true));
    });
    good.call(made, [made, made]);
    expect(made.disposed).toBe(0);
    expect(guest.state.handles.size).toBe(0);
    const bad = guest.lift(func([borrow]), () => undefined);
    expect(message(() => bad.call(made))).toContain("borrow handles still remain at the end of the call");
  });

  test("that are borrowed can be lent on, not given away", () => {
    const guest = guestWith();
    const drop = canonResourceDrop(runtime, guest.state);
    let seen = 0;
    const lend = guest.import(func([borrow]), () => seen++);
    const give = guest.import(func([own]), () => undefined);
    const lifted = guest.lift(func([borrow, t.bool]), (handle: number, giving: number) => {
      lend(handle);
      if (giving) give(handle);
      drop(handle);
    });
    lifted.call(new Subscriber(), false);
    expect(seen).toBe(1);
    expect(message(() => lifted.call(new Subscriber(), true))).toContain(
      "is borrowed, expected an owned one",
    );
  });

  test("whose disposal fails trap the guest that dropped them", () => {
    const failing = new HostResource("file");
    const guest = guestWith(failing);
    const disposable = {
      [disposeSymbol]() {
        throw new Error("disk full");
      },
    };
    guest.import(func([], own), () => disposable)();
    const drop = canonResourceDrop(failing, guest.state);
    expect(message(() => drop(1))).toContain("disk full");
    expect(guest.state.trapped?.instance).toBe("guest");
  });
});

describe("handle traps", () => {
  test.each([5, 0, -1])("name the index %d", (index) => {
    const guest = guestWith();
    const text = `unknown handle index ${index >>> 0} (in resource.drop subscriber, component instance "guest")`;
    expect(message(() => canonResourceDrop(runtime, guest.state)(index))).toBe(text);
  });

  test("tell resources apart", () => {
    const guest = guestWith();
    const other = new HostResource("publisher");
    guest.import(func([], own), () => new Subscriber())();
    expect(message(() => canonResourceDrop(other, guest.state)(1))).toContain(
      'handle index 1 used with the wrong type, expected host-defined resource "publisher" but found a different host-defined resource "subscriber"',
    );
  });

  test("built-ins that leave the instance are refused during post-return", () => {
    const guest = guestWith();
    guest.import(func([], own), () => new Subscriber())();
    const drop = canonResourceDrop(runtime, guest.state);
    const lifted = guest.lift(func([]), () => undefined, { postReturn: () => drop(1) });
    expect(message(() => lifted.call())).toContain("cannot leave component instance");
  });
});

describe("resources of a guest", () => {
  /** A resource of `guest` that shows its representation to the host. */
  function defined(guest: Guest): RuntimeResource {
    return {
      name: "track",
      definedBy: guest.state,
      toHost: (rep) => ({ rep }),
      fromHost: (value) => (value as { rep: number }).rep,
      accepts: () => true,
      destroy: () => undefined,
    };
  }

  test("are seen as representations by the guest that defines them, as handles by others", () => {
    const [definer, user] = [new Guest("definer"), new Guest("user")];
    const track = defined(definer);
    definer.resources = () => track;
    user.resources = () => track;
    const make = canonResourceNew(track, definer.state);
    const rep = canonResourceRep(track, definer.state);
    const drop = canonResourceDrop(track, definer.state);
    const create = user.lower(
      func([t.u32], own),
      definer.lift(func([t.u32], own), (n: number) => make(n)),
    );
    const read = user.lower(
      func([borrow], t.u32),
      definer.lift(func([borrow], t.u32), (n: number) => n),
    );
    const take = user.lower(
      func([own], t.u32),
      definer.lift(func([own], t.u32), (handle: number) => {
        const n = rep(handle);
        drop(handle);
        return n;
      }),
    );
    expect(create(70)).toBe(1);
    expect(create(71)).toBe(2);
    expect(definer.state.handles.size).toBe(0);
    expect([read(1), read(2), read(2)]).toEqual([70, 71, 71]);
    expect(take(2)).toBe(71);
    expect(user.state.handles.size).toBe(1);
    expect(user.state.handles.get(1)?.lends).toBe(0);
    expect(message(() => take(2))).toContain("unknown handle index 2");
  });

  test("lent through a third instance are handles there, to be dropped before the call ends", () => {
    const [definer, middle, user] = [new Guest("definer"), new Guest("middle"), new Guest("user")];
    const track = defined(definer);
    for (const guest of [definer, middle, user]) guest.resources = () => track;
    const type = func([borrow], t.u32);
    const dropInMiddle = canonResourceDrop(track, middle.state);
    const read = middle.lower(
      type,
      definer.lift(type, (n: number) => n),
    );
    let forgets = false;
    const readInMiddle = middle.lift(type, (handle: number) => {
      const n = read(handle);
      if (!forgets) dropInMiddle(handle);
      return n;
    });
    const lowered = user.lower(type, readInMiddle);
    const handle = user.state.handles.add({ resource: track, rep: 9, scope: undefined, lends: 0 });
    expect(lowered(handle)).toBe(9);
    expect(middle.state.handles.size).toBe(0);
    forgets = true;
    expect(message(() => lowered(handle))).toContain("borrow handles still remain at the end of the call");
    expect(middle.state.trapped).toBeDefined();
  });
});
