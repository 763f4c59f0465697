import type { Argument, Expression, Id, LetStatement } from "../ast.ts";

/**
 * The cycle that a use of a name closes, if it does: from the statement in which the name is used, over what the name's
 * own definition needs, back to that statement. The first name stands at the end again.
 */
export function findCycle(statements: readonly LetStatement[], use: Id): readonly string[] | undefined {
  const user = statements.find(({ range }) => range.start <= use.range.start && use.range.end <= range.end);
  if (user === undefined) {
    return undefined;
  }
  const needs = new Map(statements.map(({ id, value }) => [id.name, namesIn(value)]));
  const path = findPath(needs, use.name, user.id.name);
  return path === undefined ? undefined : [user.id.name, ...path];
}

/** The shortest way from one name to another over what each needs. */
function findPath(
  needs: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const reachedFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const name of reachedFrom.keys()) {
    if (name === to) {
      return pathTo(name, reachedFrom);
    }
    for (const next of needs.get(name) ?? []) {
      if (!reachedFrom.has(next)) {
        reachedFrom.set(next, name);
      }
    }
  }
  return undefined;
}

function pathTo(end: string, reachedFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const path: string[] = [];
  for (let name: string | undefined = end; name !== undefined; name = reachedFrom.get(name)) {
    path.push(name);
  }
  return path.reverse();
}

/** The names that an expression uses. */
function namesIn({ primary }: Expression): readonly string[] {
  switch (primary.kind) {
    case "name":
      return [primary.id.name];
    case "nested":
      return namesIn(primary.inner);
    case "new":
      return primary.arguments.flatMap(namesInArgument);
  }
}

function namesInArgument(argument: Argument): readonly string[] {
  switch (argument.kind) {
    case "inferred":
    case "spread":
      return [argument.id.name];
    case "named":
      return namesIn(argument.value);
    case "fill":
      return [];
  }
}
