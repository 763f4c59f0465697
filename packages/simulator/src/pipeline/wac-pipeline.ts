import { createHash } from "node:crypto";
import { exportsOf, isExtern, Meter } from "@playhead/component-model";
import {
  type CodeInstances,
  type Composition,
  codeInstances,
  exportedInstances,
  type LinkedComposition,
  link,
  order,
  wiresOf,
} from "@playhead/wac";
import { SimulationError } from "../errors.ts";
import { instanceStates } from "./instance-states.ts";
import type {
  HostImports,
  LinkedPipeline,
  Pipeline,
  PipelineLimits,
  UnitExports,
  ViewExports,
} from "./pipeline.ts";
import { sourceOf } from "./pipeline-source.ts";
import { isUnit, isView } from "./unit-types.ts";

/** A unit as the graph shows it, before anything is instantiated. */
interface UnitNode {
  /** The name under which it is exported. */
  readonly name: string;
  /** Export with its `component` interface. */
  readonly componentExport: string;
  readonly viewExport: string | undefined;
  /** Path of the instance whose code it is; inside a component that is composed already, the path leads into it. */
  readonly path: string;
  /** Units that it has a wire to, by name. */
  readonly providers: readonly string[];
}

/**
 * A composition as something to simulate: every exported instance of the type `playhead:sim/component` is a unit under its export
 * name; an exported `playhead:sim/view` of the same instance draws for it.
 *
 * @param soleName the unit's name where a single component is exported under its interface's own name
 * @throws SimulationError `bad-composition` when there is no unit
 */
export function wacPipeline(composition: Composition, name: string, soleName: string): Pipeline {
  const units = unitNodes(composition, soleName);
  if (units.length === 0)
    throw new SimulationError(
      "bad-composition",
      `${name}: expected an export of the type playhead:sim/component, found ${[...composition.exports.keys()].join(", ") || "no exports"}`,
    );
  const nameOfPath = new Map(units.map((unit) => [unit.path, unit.name]));
  return {
    name,
    identity: identityOf(composition),
    source: sourceOf(composition, name, soleName),
    unitNames: units.map((unit) => unit.name),
    unitNameAt: (path) => nameOfPath.get(enclosing(path, nameOfPath) ?? ""),
    link: (imports, limits) => linkUnits(composition, units, imports, limits),
  };
}

/** The longest of the paths that is the path itself or leads to it. */
function enclosing(path: string, paths: ReadonlyMap<string, unknown>): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const prefix = path.slice(0, end);
    if (paths.has(prefix)) return prefix;
  }
  return undefined;
}

function unitNodes(composition: Composition, soleName: string): UnitNode[] {
  const inside = codeInstances(composition);
  const instances = exportedInstances(composition, inside);
  const components = instances.filter(({ type }) => isUnit(type));
  const views = instances.filter(({ type }) => isView(type));
  const nameOf = (exportName: string): string => (exportName.includes("/") ? soleName : exportName);
  const nameOfPath = new Map(
    components.map(({ exportName, provider }) => [provider ?? "", nameOf(exportName)]),
  );
  checkDistinct(components);
  return components.flatMap(({ exportName, provider }) => {
    if (provider === undefined) return [];
    const providers = reachedFrom(inside, provider).flatMap((path) => nameOfPath.get(path) ?? []);
    const viewExport = views.find((view) => view.provider === provider)?.exportName;
    return [{ name: nameOf(exportName), componentExport: exportName, viewExport, path: provider, providers }];
  });
}

/** Paths of the instances that one calls, directly or through instances that are no units. */
function reachedFrom({ wires }: CodeInstances, path: string): string[] {
  const reached = new Set<string>();
  const waiting = [path];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const { consumer, provider } of wires)
      if (consumer === at && !reached.has(provider)) {
        reached.add(provider);
        waiting.push(provider);
      }
  return [...reached];
}

/** SHA-256 over the graph's packages and wires, in the order in which they are instantiated. */
function identityOf(composition: Composition): string {
  const hash = createHash("sha256");
  for (const node of order(composition))
    hash.update(`${node.path}\0`).update(sha256(node.package.component.bytes));
  for (const { consumer, importName, provider, exportPath } of wiresOf(composition))
    hash.update([consumer, importName, provider, ...exportPath].join("\0")).update("\n");
  for (const name of composition.exports.keys()) hash.update(`${name}\0`);
  return hash.digest("hex");
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

function linkUnits(
  composition: Composition,
  units: readonly UnitNode[],
  imports: HostImports,
  limits: PipelineLimits,
): LinkedPipeline {
  const linked = link(composition, {
    imports: imports as NonNullable<Parameters<typeof link>[1]>["imports"] & object,
    limits: {
      meter: new Meter({ fuel: limits.fuelPerCall }),
      maxMemoryBytes: limits.largestMemoryBytes,
    },
  });
  return {
    units: units.map(({ name, path, providers, componentExport, viewExport }) => ({
      name,
      path,
      providers,
      component: functionsOf(linked, componentExport) as unknown as UnitExports,
      view:
        viewExport === undefined ? undefined : (functionsOf(linked, viewExport) as unknown as ViewExports),
    })),
    state: instanceStates(linked.instances),
  };
}

function functionsOf(linked: LinkedComposition, exportName: string): object {
  const value = linked.exports.get(exportName)?.value;
  if (value === undefined || !isExtern(value) || value.kind !== "instance")
    throw new Error(`Invariant: the export ${exportName} is an instance`);
  return exportsOf(value);
}

/** An instance is one unit: under two names it would run twice on one state. */
function checkDistinct(components: readonly { exportName: string; provider: string | undefined }[]): void {
  const names = new Map<string, string>();
  for (const { exportName, provider = "" } of components) {
    const other = names.get(provider);
    if (other !== undefined)
      throw new SimulationError(
        "bad-composition",
        `expected a unit under one name, found the instance ${provider} exported as ${other} and as ${exportName}`,
      );
    names.set(provider, exportName);
  }
}
