import { expect, it } from "vitest";
import { Simulation } from "../control/simulation.ts";
import { type FakeUnit, fakePlan, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";

interface Queue {
  blockingRead(): { payload: Uint8Array };
  read(): { payload: Uint8Array } | undefined;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Reads from each of its topics, waiting, and publishes what it got on its own. */
function waiting(name: string, topics: readonly string[], providers: string[] = []): FakeUnit {
  return {
    name,
    providers,
    make: ({ call }) => {
      const queues = topics.map((topic) => call("bus", "subscribe", topic, 0) as Queue);
      return {
        memory: { get: () => 0, set: () => {} },
        step: () => {
          const got = queues.map((queue) => {
            try {
              return text(queue.blockingRead().payload);
            } catch (error) {
              return String((error as { payload: unknown }).payload);
            }
          });
          const words = `${name}(${got.join(",")})`;
          call("bus", "publish", call("bus", "advertise", `/${name}`), new TextEncoder().encode(words));
        },
      };
    },
  };
}

const yamlOf = (names: readonly string[], more = ""): string =>
  `units:\n${names.map((name) => `  ${name}: { rateHz: 1, publishes: { /${name}: {} }${more} }`).join("\n")}\n`;

async function published(units: FakeUnit[], yaml: string): Promise<string[]> {
  const seen: string[] = [];
  const sink = {
    open: async () => {},
    write: async (outputs: readonly { payload: Uint8Array }[]) => {
      seen.push(...outputs.map(({ payload }) => text(payload)));
    },
    close: async () => {},
  };
  const simulation = await Simulation.start(fakePlan(units, yaml), { speed: "max", sinks: [sink] });
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({ state: "ended", error: undefined });
  await simulation.close();
  return seen;
}

it("ends where units wait for each other", async () => {
  const units = [waiting("a", ["/b"]), waiting("b", ["/a"])];
  expect(await published(units, yamlOf(["a", "b"]))).toEqual(["b(would-block)", "a(b(would-block))"]);
});

it("ends where three wait in a circle, and where one waits for itself", async () => {
  const circle = [waiting("a", ["/b"]), waiting("b", ["/c"]), waiting("c", ["/a"])];
  expect((await published(circle, yamlOf(["a", "b", "c"]))).at(-1)).toBe("a(b(c(would-block)))");
  expect(await published([waiting("a", ["/a"])], yamlOf(["a"]))).toEqual(["a(would-block)"]);
});

it("runs whoever is due once at an instant, also where two wait for it", async () => {
  const units = [waiting("a", ["/c"]), waiting("b", ["/c"]), waiting("c", [])];
  expect(await published(units, yamlOf(["a", "b", "c"]))).toEqual(["c()", "a(c())", "b(c())"]);
});

it("goes down a long chain", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `u${String(i).padStart(2, "0")}`);
  const units = names.map((name, i) => waiting(name, i + 1 < names.length ? [`/${names[i + 1]}`] : []));
  const seen = await published(units, yamlOf(names));
  expect(seen).toHaveLength(40);
  expect(seen[0]).toBe("u39()");
  expect(seen.at(-1)).toMatch(/^u00\(u01\(.*u39\(\)\)+$/);
});

it("does not enter a unit again that waits, through a wire", async () => {
  const units = [waiting("a", ["/b"]), waiting("b", [], ["c"]), waiting("c", [], ["a"])];
  expect(await published(units, yamlOf(["a", "b", "c"]))).toEqual(["a(would-block)", "b()", "c()"]);
});

it("blames whoever does not read from a queue that may lose nothing", async () => {
  const deaf: FakeUnit = {
    name: "deaf",
    make: ({ call }) => {
      call("bus", "subscribe", "/sum", 0);
      return { memory: { get: () => 0, set: () => {} }, step: () => {} };
    },
  };
  const yaml = `${SUMMING_YAML}
  deaf: { subscribes: { /sum: { depth: 3, policy: error } } }
`;
  const stopped = await Simulation.start(fakePlan([summing, deaf], yaml), { speed: "max" });
  await stopped.apply({ type: "play" });
  expect(await stopped.finished()).toMatchObject({
    state: "failed",
    error: {
      code: "component-fault",
      message: expect.stringMatching(
        /^deaf: .*within a step of summing.*: the queue of \/sum is full with 3 messages/,
      ),
    },
  });
  expect(stopped.failure?.place).toMatchObject({ unit: "deaf" });
  await stopped.close();
  const isolated = await Simulation.start(fakePlan([summing, deaf], `onFault: isolate\n${yaml}`), {
    speed: "max",
  });
  await isolated.apply({ type: "play" });
  expect(await isolated.finished()).toMatchObject({ state: "ended" });
  const { components, topics } = await isolated.report();
  expect(components.map(({ standing }) => standing)).toEqual(["running", "isolated"]);
  // The event of the overflow, a step of the publisher, was abandoned.
  expect(topics).toEqual({ "/sum": 29 });
  await isolated.close();
});

it("gives a late subscriber the last message of a latched topic, also after a seek", async () => {
  const late: FakeUnit = {
    name: "late",
    make: ({ call }) => {
      let got = "";
      return {
        memory: {
          get: () => got,
          set: (value) => {
            got = value as string;
          },
        },
        step: (nowUs) => {
          if (nowUs < 1_500_000 || got !== "") return;
          const queue = call("bus", "subscribe", "/sum", 0) as Queue;
          got = text(queue.read()?.payload ?? new Uint8Array());
          call("diagnostics", "log", "info", got);
        },
      };
    },
  };
  const yaml = `${SUMMING_YAML.replace("encoding: text", "encoding: text, latched: true")}  late: { rateHz: 10 }\n`;
  const simulation = await Simulation.start(fakePlan([summing, late], yaml), {
    speed: "max",
    checkpoints: { costMs: 0 },
  });
  const heard = async () => (await simulation.report()).log.map(({ message }) => message);
  await simulation.apply({ type: "seek", timeUs: 1_900_000 });
  const first = await heard();
  expect(first).toEqual([expect.stringMatching(/^\d+$/)]);
  await simulation.apply({ type: "seek", timeUs: 1_300_000 });
  expect(await heard()).toEqual([]);
  await simulation.apply({ type: "seek", timeUs: 1_700_000 });
  expect(await heard()).toEqual(first);
  await simulation.close();
});
