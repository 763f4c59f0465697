import type { RuntimeResource } from "../abi/resources.ts";
import { ComponentModelError } from "../errors.ts";
import type { ExternType, ResourceType } from "../types.ts";
import { freeResources } from "../typing/mentions.ts";
import type { Extern } from "./externs.ts";

/**
 * Notes what the resource types in `type` stand for, now that `extern` has taken its place. One that is known already must be
 * the same: `where` names the import or export if it is not.
 */
export function bindResources(
  type: ExternType,
  extern: Extern,
  resources: Map<ResourceType, RuntimeResource>,
  where: string,
): void {
  if (type.kind === "type" && extern.kind === "type") {
    if (type.type.kind === "resource" && extern.resource !== undefined) {
      bind(type.type.type, extern.resource, resources, where);
    }
    return;
  }
  if (type.kind !== "instance" || extern.kind !== "instance" || freeResources(type).size === 0) return;
  for (const [name, item] of type.type.exports) {
    const found = extern.exports.get(name);
    if (found !== undefined) bindResources(item, found, resources, `${where}#${name}`);
  }
}

function bind(
  type: ResourceType,
  resource: RuntimeResource,
  resources: Map<ResourceType, RuntimeResource>,
  where: string,
): void {
  const known = resources.get(type);
  if (known !== undefined && known !== resource) {
    throw new ComponentModelError(
      "type-mismatch",
      `${where}: expected the same resource "${known.name}" as elsewhere, found another "${resource.name}"`,
      { where },
    );
  }
  resources.set(type, resource);
}
