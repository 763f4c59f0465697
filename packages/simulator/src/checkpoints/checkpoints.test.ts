import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentsOf, expectedState, FakeStates } from "./checkpoints.case.ts";
import { Checkpoints } from "./checkpoints.ts";
import { CheckpointDisk } from "./keeper/checkpoint-disk.ts";
import { type Files, nodeFiles } from "./keeper/files.ts";
import { Keeper } from "./keeper/keeper.ts";
import { linkTo, localKeeper } from "./local-link.ts";
import type { KeeperLink, KeeperReply, KeeperRequest } from "./messages.ts";
import { openVault, type Vault } from "./open-vault.ts";
import { portLink } from "./port-link.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "checkpoints-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const placing = { costMs: 80 };
const open = (link: KeeperLink, key = "run") => Checkpoints.open(link, key, placing);

function lay(checkpoints: Checkpoints, from: number, to: number, states = new FakeStates()): FakeStates {
  for (let n = from; n < to; n++) {
    checkpoints.spend(80);
    checkpoints.add(states.state(n));
  }
  return states;
}

async function expectAll(checkpoints: Checkpoints, places: readonly number[]): Promise<void> {
  for (const n of places) {
    const head = checkpoints.atEvents(n);
    expect(head?.events).toBe(n);
    const state = head && (await checkpoints.load(head));
    expect(contentsOf(state as NonNullable<typeof state>)).toEqual(contentsOf(expectedState(n)));
  }
}

interface DiskOptions {
  readonly ramBytes?: number;
  readonly diskBytes?: number;
  readonly writesAll?: boolean;
  readonly files?: Files;
}

function keeperOnDisk({
  ramBytes = 1e9,
  diskBytes = 1e9,
  writesAll = true,
  files = nodeFiles,
}: DiskOptions): Keeper {
  return new Keeper({
    ramBytes,
    diskBytes,
    writesAll,
    openDisk: (key, pages) => new CheckpointDisk(folder, key, diskBytes / 32, files, pages),
  });
}

/** What a simulation sends that lays so many checkpoints. */
async function recorded(count: number): Promise<KeeperRequest[]> {
  const requests: KeeperRequest[] = [];
  const opened: KeeperReply = { type: "opened", heads: [], usage: new Keeper(NO_DISK).usage };
  let onReply: (reply: KeeperReply) => void = () => {};
  const link: KeeperLink = {
    send: (request) => {
      requests.push(request);
      if (request.type === "open") onReply(opened);
    },
    receive: (receiver) => {
      onReply = receiver;
    },
    close: () => {},
  };
  lay(await open(link), 0, count);
  return requests;
}

const NO_DISK = { ramBytes: 1e9, diskBytes: 0, writesAll: false, openDisk: undefined };

const vaults: Vault[] = [];
afterEach(async () => {
  for (const vault of vaults.splice(0)) await vault.close();
});

const links: readonly (readonly [string, () => KeeperLink])[] = [
  ["in this thread", () => localKeeper({ ramBytes: 1e9 })],
  ["in a thread of its own", () => threadLink({})],
  ["written to a folder as they come", () => threadLink({ folder: join(folder, "state") })],
  ["on disk, as memory has no room", () => linkTo(keeperOnDisk({ ramBytes: 200_000, writesAll: false }))],
];

function threadLink(options: Parameters<typeof openVault>[0]): KeeperLink {
  const vault = openVault(options);
  vaults.push(vault);
  return portLink(vault.connect());
}

describe.each(links)("checkpoints kept %s", (_, link) => {
  it("come back as they were, in any order, while others are added", async () => {
    const checkpoints = await open(link());
    const states = lay(checkpoints, 0, 40);
    await expectAll(checkpoints, [39, 0, 20, 21, 5]);
    lay(checkpoints, 40, 50, states);
    await checkpoints.settled();
    await expectAll(checkpoints, [49, 5, 48, 0]);
    expect(checkpoints.usage).toMatchObject({ checkpoints: 50, thinned: 0, problems: [] });
    // 20 pages that stay, 3 of each state, and of 5 messages three pages, two of which are equal.
    expect(checkpoints.usage.pages).toBe(20 + 50 * 3 + 5 * 2);
    checkpoints.close();
  });

  it("share what a loaded state has in common with the last one", async () => {
    const checkpoints = await open(link());
    lay(checkpoints, 0, 3);
    const head = checkpoints.atEvents(2);
    const [first, second] = [head && (await checkpoints.load(head)), head && (await checkpoints.load(head))];
    const [a, b] = [first?.instances.memories[0], second?.instances.memories[0]];
    expect(a?.parts.map((block, at) => block === b?.parts[at])).toEqual([true, true, true]);
    checkpoints.close();
  });

  it("are found by time, and let go of from an event on", async () => {
    const checkpoints = await open(link());
    lay(checkpoints, 0, 5);
    expect(checkpoints.at(2500)?.events).toBe(2);
    expect(checkpoints.boundMs).toBe(80);
    checkpoints.dropFrom(2);
    expect(checkpoints.heads.map(({ events }) => events)).toEqual([0, 1]);
    expect(checkpoints.before(1)?.events).toBe(0);
    await checkpoints.settled();
    expect(checkpoints.usage.checkpoints).toBe(2);
    checkpoints.close();
  });
});

describe("a vault", () => {
  it("has everything that a thread sent before it was ended, for the next one", async () => {
    const vault = openVault();
    vaults.push(vault);
    const port = vault.connect();
    const thread = new Worker(
      `const { port, requests } = require("node:worker_threads").workerData;
      for (const request of requests) port.postMessage(request);
      require("node:worker_threads").parentPort.postMessage("sent");
      for (;;);`,
      { eval: true, workerData: { port, requests: await recorded(100) }, transferList: [port] },
    );
    await new Promise((resolve) => thread.once("message", resolve));
    await thread.terminate();
    const next = await open(portLink(vault.connect()));
    expect(next.heads).toHaveLength(100);
    await expectAll(next, [99, 0, 50]);
    next.close();
  });

  it("begins anew when a run under another key connects", async () => {
    const vault = openVault();
    vaults.push(vault);
    const first = await open(portLink(vault.connect()));
    lay(first, 0, 3);
    const other = await open(portLink(vault.connect()), "another run");
    expect(other.heads).toEqual([]);
    lay(other, 0, 2);
    await expectAll(other, [0, 1]);
    expect(other.usage).toMatchObject({ problems: [] });
  });
});

const at = (events: number) => ({ nowUs: events * 1000, events });

describe("placing", () => {
  it("goes by the cost since the last checkpoint that was laid, passed or loaded", async () => {
    const checkpoints = await open(localKeeper({ ramBytes: 1e9 }));
    const states = new FakeStates();
    expect(checkpoints.isDue(at(0))).toBe(true);
    checkpoints.add(states.state(0));
    checkpoints.spend(79);
    expect(checkpoints.isDue(at(5))).toBe(false);
    checkpoints.spend(1);
    expect(checkpoints.isDue(at(5))).toBe(true);
    checkpoints.add(states.state(5));
    expect(checkpoints.isDue(at(5))).toBe(false);
    const first = checkpoints.atEvents(0);
    if (first !== undefined) await checkpoints.load(first);
    checkpoints.spend(70);
    expect(checkpoints.isDue(at(4))).toBe(false);
    checkpoints.spend(70);
    expect(checkpoints.isDue(at(6))).toBe(false);
    checkpoints.spend(80);
    expect(checkpoints.isDue(at(7))).toBe(true);
  });

  it("goes by an interval where one is set", async () => {
    const link = localKeeper({ ramBytes: 1e9 });
    const checkpoints = await Checkpoints.open(link, "run", { costMs: 1e9, intervalUs: 4000 });
    checkpoints.add(new FakeStates().state(0));
    expect(checkpoints.isDue(at(3))).toBe(false);
    expect(checkpoints.isIntervalOver(3999)).toBe(false);
    expect(checkpoints.isIntervalOver(4000)).toBe(true);
    expect(checkpoints.isDue(at(4))).toBe(true);
  });
});

describe("budgets", () => {
  it("of memory alone: fewer checkpoints, the ends stay, and the bound grows", async () => {
    const checkpoints = await open(localKeeper({ ramBytes: 400_000 }));
    lay(checkpoints, 0, 200);
    const { usage } = checkpoints;
    expect(usage.ramBytes).toBeLessThanOrEqual(400_000);
    expect(usage.thinned).toBe(200 - checkpoints.heads.length);
    expect(checkpoints.heads[0]?.events).toBe(0);
    expect(checkpoints.heads.at(-1)?.events).toBe(199);
    const gaps = checkpoints.heads.map(({ events }, i) => events - (checkpoints.heads[i - 1]?.events ?? 0));
    expect(checkpoints.boundMs).toBe(Math.max(...gaps) * 80);
    await expectAll(checkpoints, [0, 199]);
  });

  it.each(["memory", "disk"])(
    "of %s: those that were asked for stay as long as there are others",
    async (where) => {
      const keeper = where === "disk" ? keeperOnDisk({ ramBytes: 300_000, diskBytes: 250_000 }) : undefined;
      const checkpoints = await open(keeper ? linkTo(keeper) : localKeeper({ ramBytes: 400_000 }));
      const states = new FakeStates();
      for (const asked of [30, 31, 32, 150]) {
        lay(checkpoints, checkpoints.heads.at(-1)?.events ?? 0, asked, states);
        await checkpoints.pin(at(asked), () => checkpoints.add(states.state(asked)));
      }
      await checkpoints.pin(at(150), () => expect.fail("it is kept already"));
      lay(checkpoints, 151, 500, states);
      expect(checkpoints.usage.thinned).toBeGreaterThan(200);
      expect(checkpoints.pinned).toBe(4);
      await expectAll(checkpoints, [30, 31, 32, 150]);
      if (keeper === undefined) return;
      keeper.close();
      const again = keeperOnDisk({ diskBytes: 250_000 });
      const reopened = await open(linkTo(again));
      expect(reopened.heads.flatMap(({ events, pinned }) => (pinned ? [events] : []))).toEqual([
        30, 31, 32, 150,
      ]);
      await expectAll(reopened, [30, 31, 32, 150]);
      again.close();
    },
  );

  it("of memory: one that was let go of while it was asked for is saved again", async () => {
    const link = localKeeper({ ramBytes: 1e9 });
    const checkpoints = await open(link);
    lay(checkpoints, 0, 5);
    const head = checkpoints.atEvents(3);
    if (head !== undefined) link.send({ type: "remove", heads: [head] });
    await checkpoints.pin(at(3), () => checkpoints.add(expectedState(3)));
    expect(checkpoints.atEvents(3)).toMatchObject({ events: 3, pinned: true });
    await expectAll(checkpoints, [3]);
  });

  it("of memory and disk: what memory has no room for is read from disk", async () => {
    const keeper = keeperOnDisk({ ramBytes: 400_000, writesAll: false });
    const checkpoints = await open(linkTo(keeper));
    lay(checkpoints, 0, 200);
    expect(checkpoints.usage).toMatchObject({ checkpoints: 200, thinned: 0 });
    expect(checkpoints.usage.ramBytes).toBeLessThanOrEqual(400_000);
    expect(checkpoints.usage.diskBytes).toBeGreaterThan(10_000);
    await expectAll(checkpoints, [0, 3, 77, 120, 199]);
  });

  it("of the disk: space is given back, and nothing that is kept is lost", async () => {
    const keeper = keeperOnDisk({ ramBytes: 300_000, diskBytes: 250_000 });
    const checkpoints = await open(linkTo(keeper));
    const states = lay(checkpoints, 0, 300);
    lay(checkpoints, 300, 500, states);
    const { usage } = checkpoints;
    expect(usage.diskBytes).toBeLessThanOrEqual(250_000);
    expect(usage.thinned).toBeGreaterThan(200);
    expect(usage.problems).toEqual([]);
    const places = checkpoints.heads.map(({ events }) => events);
    expect(places.length).toBeGreaterThan(20);
    await expectAll(checkpoints, places);
    keeper.close();
    const again = await open(linkTo(keeperOnDisk({ diskBytes: 250_000 })));
    expect(again.heads.map(({ events }) => events)).toEqual(places);
    await expectAll(again, places);
  });
});

describe("a folder", () => {
  const laid = async (to: number, options: DiskOptions = {}): Promise<void> => {
    const keeper = keeperOnDisk(options);
    lay(await open(linkTo(keeper)), 0, to);
    keeper.close();
  };

  it("has the checkpoints when it is opened again, and takes more", async () => {
    await laid(30);
    const keeper = keeperOnDisk({});
    const checkpoints = await open(linkTo(keeper));
    expect(checkpoints.heads.map(({ events }) => events)).toEqual([...Array(30).keys()]);
    expect(checkpoints.heads[7]).toEqual({ nowUs: 7000, events: 7, outputs: 7, costMs: 80 });
    await expectAll(checkpoints, [29, 0, 17]);
    lay(checkpoints, 30, 40);
    keeper.close();
    await expectAll(await open(linkTo(keeperOnDisk({}))), [39, 0, 31, 29]);
  });

  it("begins anew for another run, and says so", async () => {
    await laid(5);
    const keeper = keeperOnDisk({});
    const checkpoints = await open(linkTo(keeper), "another run");
    expect(checkpoints.heads).toEqual([]);
    expect(checkpoints.usage.problems).toMatchObject([{ code: "other-checkpoints" }]);
    keeper.close();
    expect((await open(linkTo(keeperOnDisk({})), "another run")).heads).toEqual([]);
  });

  it("keeps what was written before a torn end, wherever it is torn", async () => {
    await laid(12);
    const log = join(folder, "checkpoints.log");
    const { size } = statSync(log);
    let found = 12;
    for (const cut of [1, 9, 200, 900, Math.floor(size / 2), size - 3]) {
      truncateSync(log, size - cut);
      const keeper = keeperOnDisk({});
      const checkpoints = await open(linkTo(keeper));
      const places = checkpoints.heads.map(({ events }) => events);
      expect(places).toEqual([...Array(places.length).keys()]);
      expect(places.length).toBeLessThanOrEqual(found);
      found = places.length;
      await expectAll(checkpoints, places);
      keeper.close();
    }
    expect(found).toBe(0);
  });

  it("leaves out what is damaged, with a problem that says so", async () => {
    await laid(12);
    const [segment] = readdirSync(folder).filter((name) => name.startsWith("pages"));
    const path = join(folder, segment ?? "");
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0x55));
    const checkpoints = await open(linkTo(keeperOnDisk({})));
    const head = checkpoints.atEvents(7);
    expect(head && (await checkpoints.load(head))).toBeUndefined();
    expect(checkpoints.atEvents(7)?.events).toBe(6);
    expect(checkpoints.usage.problems).toMatchObject([{ code: "damaged-checkpoint", timeUs: 7000 }]);
  });

  it("that is full: nothing is lost, the run goes on in memory with fewer checkpoints", async () => {
    let room = 60_000;
    const files: Files = {
      write: (descriptor, bytes, position) => {
        if (bytes.length > room)
          throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        room -= bytes.length;
        nodeFiles.write(descriptor, bytes, position);
      },
    };
    for (const writesAll of [true, false]) {
      room = 60_000;
      const keeper = keeperOnDisk({ ramBytes: 400_000, files, writesAll });
      const checkpoints = await open(linkTo(keeper), `${writesAll}`);
      lay(checkpoints, 0, 300);
      const { problems, ramBytes, thinned } = checkpoints.usage;
      expect(problems.filter(({ code }) => code === "spilling-stopped")).toHaveLength(1);
      expect(problems.at(-1)?.message).toMatch(/no space left/);
      expect(ramBytes).toBeLessThanOrEqual(400_000);
      expect(thinned).toBeGreaterThan(0);
      await expectAll(
        checkpoints,
        checkpoints.heads.map(({ events }) => events),
      );
      keeper.close();
    }
  });

  it("is refused while another process uses it, or when it is of something else", async () => {
    writeFileSync(join(folder, "in-use"), `${process.ppid}`);
    expect(() => openVault({ folder })).toThrow(/found that of process/);
    rmSync(join(folder, "in-use"));
    writeFileSync(join(folder, "letter.txt"), "dear");
    expect(() => openVault({ folder })).toThrow(/found letter.txt/);
  });
});
