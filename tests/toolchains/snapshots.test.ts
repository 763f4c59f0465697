import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  ComponentError,
  type ComponentInstance,
  decodeComponent,
  instantiate,
  MemoryPageStore,
  restore,
  type Snapshot,
  snapshot,
  stateHash,
} from "@playhead/component-model";
import { virtualWasi, type WasiState } from "@playhead/wasi";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchFolder } from "../drives.ts";
import { ROOT } from "../surroundings.ts";

const HERE = join(ROOT, "tests/toolchains");
const INSTALLED = existsSync(join(HERE, "node_modules"));

interface UnitCalls {
  init(settings: [string, string][]): void;
  step(now: bigint): void;
}

/** The guests of this folder subscribe to nothing. */
class NeverSubscribed {
  read(): undefined {}
  blockingRead(): never {
    throw new ComponentError("would-block");
  }
  drain(): [] {
    return [];
  }
  status(): never {
    throw new Error("nothing is subscribed");
  }
}

/** One guest with a host around it that remembers nothing but what is saved here. */
class Bench {
  readonly instance: ComponentInstance;
  readonly published: string[] = [];
  readonly #wasi = virtualWasi({ nowUs: () => this.nowUs, seed: 7 });
  nowUs = 0;

  constructor(bytes: Uint8Array, from?: { snapshot: Snapshot; store: MemoryPageStore }) {
    const imports = {
      ...this.#wasi.imports,
      "playhead:sim/sensors@0.1.0": {
        listSensors: () => [],
        latest: () => undefined,
        sample: () => {
          throw new ComponentError("no-data");
        },
        window: () => [],
        arrived: () => [],
        arrivedPacked: () => this.#packed(),
      },
      "playhead:sim/bus@0.1.0": {
        Subscriber: NeverSubscribed,
        subscribe: () => new NeverSubscribed(),
        advertise: () => 0,
        publish: (_topic: number, payload: Uint8Array) =>
          void this.published.push(Buffer.from(payload).toString()),
      },
      "playhead:sim/diagnostics@0.1.0": { log: () => {}, metric: () => {}, health: () => {} },
    };
    const component = decodeComponent(bytes, { name: "guest" });
    this.instance = instantiate(component, from === undefined ? { imports } : { imports, from });
    if (from === undefined) this.#unit().init([]);
  }

  /** Steps through the given times; what was published meanwhile, and the state afterwards. */
  run(times: readonly number[]): { published: string[]; state: string } {
    this.published.length = 0;
    for (const nowUs of times) {
      this.nowUs = nowUs;
      this.#unit().step(BigInt(nowUs));
    }
    return { published: [...this.published], state: stateHash(this.instance) };
  }

  saveWasi(): WasiState {
    return structuredClone(this.#wasi.save());
  }

  restoreWasi(state: WasiState): void {
    this.#wasi.restore(structuredClone(state));
  }

  #unit(): UnitCalls {
    return this.instance.exports["playhead:sim/component@0.1.0"] as UnitCalls;
  }

  /** A reading whose bytes depend on the time alone. */
  #packed(): { count: number; headers: Uint8Array; payloads: Uint8Array } {
    const payloads = Uint8Array.from({ length: this.nowUs % 5000 }, (_, i) => (this.nowUs * 31 + i) % 251);
    const headers = new Uint8Array(40);
    const view = new DataView(headers.buffer);
    view.setBigInt64(0, BigInt(this.nowUs), true);
    view.setUint32(24, payloads.length, true);
    view.setFloat32(28, 1, true);
    return { count: 1, headers, payloads };
  }
}

describe.skipIf(!INSTALLED)(
  "snapshots of guests of other toolchains (npm ci --prefix tests/toolchains)",
  () => {
    let folder: Awaited<ReturnType<typeof scratchFolder>>;

    beforeAll(async () => {
      folder = await scratchFolder();
      await promisify(execFile)(process.execPath, [join(HERE, "build.mjs"), folder.path]);
    });

    afterAll(async () => {
      await folder?.remove();
    });

    it.each(["typescript", "quickjs", "c"])(
      "%s goes on from a snapshot, in place and in a fresh instance",
      async (unit) => {
        const bytes = await readFile(join(folder.path, `${unit}.wasm`));
        const steps = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 8 });
        fc.assert(
          fc.property(steps, steps, steps, (before, between, after) => {
            const bench = new Bench(bytes);
            const store = new MemoryPageStore();
            bench.run(before);
            const saved = snapshot(bench.instance, store);
            const wasi = bench.saveWasi();
            const expected = bench.run(after);
            bench.run(between);
            restore(bench.instance, saved, store);
            bench.restoreWasi(wasi);
            expect(bench.run(after)).toEqual(expected);
            const fresh = new Bench(bytes, { snapshot: saved, store });
            fresh.restoreWasi(wasi);
            expect(fresh.run(after)).toEqual(expected);
          }),
          { numRuns: 4, seed: 1 },
        );
      },
    );
  },
);
