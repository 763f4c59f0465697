import type { Id } from "../ast.ts";
import { Problem } from "../errors.ts";
import type { Range } from "../source.ts";

/** A name that has been defined before, at `previous`. */
export function redefinition(id: Id, previous: Range): Problem {
  return new Problem({
    code: "duplicate-name",
    message: `\`${id.name}\` is already defined`,
    range: id.range,
    label: `\`${id.name}\` redefined here`,
    related: [{ range: previous, label: "first defined here" }],
    hints: ["names can't be reassigned; use another name"],
  });
}
