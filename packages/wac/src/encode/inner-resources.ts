import { type ExternType, type ResourceType, Substitution } from "@playhead/component-model";
import { WacError } from "../errors.ts";
import type { Composition, GraphNode, ImportNode, InstantiationNode } from "../graph.ts";

/**
 * Resource types that come to be with the instances of a composition. The host can give an instance functions that speak of
 * another one's resources; a component can't import such functions, since its imports come before its instances.
 */
export class InnerResources {
  readonly #composition: Composition;
  readonly #owners: ReadonlyMap<ResourceType, InstantiationNode>;

  constructor(composition: Composition) {
    this.#composition = composition;
    this.#owners = new Map(
      composition.instantiations.flatMap((node) => node.brings.map((resource) => [resource, node] as const)),
    );
  }

  /** Whether an import is nothing but the name of a resource type that an instance brings: it need not be imported. */
  isTypeOfInstance({ explicit, type }: ImportNode): boolean {
    return (
      !explicit && type.kind === "type" && type.type.kind === "resource" && this.#owners.has(type.type.type)
    );
  }

  /** The argument of an instance that exports the resource type which an import only names. */
  exporterOf(
    node: ImportNode,
    { arguments: args }: InstantiationNode,
  ): { readonly instance: GraphNode; readonly exportName: string } | undefined {
    if (!this.isTypeOfInstance(node) || node.type.kind !== "type") {
      return undefined;
    }
    const resource = node.type.type.type;
    for (const instance of args.values()) {
      const exports = instance.type.kind === "instance" ? instance.type.type.exports : [];
      for (const [exportName, extern] of exports) {
        if (extern.kind === "type" && extern.type.type === resource) {
          return { instance, exportName };
        }
      }
    }
    return undefined;
  }

  /** @throws WacError `not-encodable` */
  refuseInImports(): void {
    for (const node of this.#composition.imports) {
      if (this.isTypeOfInstance(node)) {
        continue;
      }
      const found = [...this.#owners].find(([resource]) => mentions(node.type, resource));
      if (found !== undefined) {
        throw this.#refusal(node, ...found);
      }
    }
  }

  #refusal(node: ImportNode, resource: ResourceType, owner: InstantiationNode): WacError {
    const { file, text } = this.#composition;
    return new WacError(text === undefined ? { file: "", text: "" } : { file, text: text.document.text }, {
      code: "not-encodable",
      message: `the import \`${node.name}\` cannot be part of a component: it speaks of the resource \`${resource.name}\`, which comes from the instance \`${owner.path}\``,
      range: node.range ?? { start: 0, end: 0 },
      label: `this needs \`${node.name}\``,
      related:
        owner.range === undefined ? [] : [{ range: owner.range, label: "the resource comes from here" }],
      hints: ["give it as an argument too, or link the composition instead of writing it as a component"],
    });
  }
}

/** Whether a type refers to a resource type: whether putting another one in its place would change it. */
function mentions(type: ExternType, resource: ResourceType): boolean {
  const other: ResourceType = { kind: "resource", name: resource.name };
  return new Substitution(new Map([[resource, other]])).extern(type) !== type;
}
