import { basename } from "node:path";
import { WacError } from "../errors.ts";
import type { ExpectedError } from "./expected.ts";
import { differentReason } from "./reasons.ts";

/** What came of one case of wac's tests. */
export interface CaseReport {
  readonly name: string;
  /** Whether wac's tool accepts it or refuses it. */
  readonly expected: "accepted" | "refused";
  /** In what the case differs from what wac expects; undefined where it passed. */
  readonly problem: string | undefined;
}

/** Where this implementation means to differ. */
interface Exception {
  /** The only case that it is about; undefined where it may be any. */
  readonly name: string | undefined;
  /** What the difference is; another one is not meant. */
  readonly problem: RegExp;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    name: "implicit-resource-import",
    problem: /^refused: mismatched instantiation argument `my-func`\s+at `result`\s/,
    reason:
      "resources are told apart by identity here, as the component model does; wac compares their names alone. The argument " +
      "`my-func` returns a resource `x` of the imported foo:dependency/types, where test:baz is given that interface by " +
      "test:bar and so takes a resource of test:bar. wac passes it all the same: it declares the dependency test:baz with an " +
      "import `x` that is equal to a type from outside, which test:baz does not have, so that test:baz itself does not fit. " +
      "With the packages inside in place of those declarations, wasm-tools refuses what wac writes: “type mismatch for import " +
      "`x`: resource types are not the same”.",
  },
  {
    name: undefined,
    problem:
      /^refused: .*: package `[^`]*` is not a component that can be used: .*: this host does not support it$/m,
    reason:
      "the composition parses; its packages need what is out of scope here, such as the async functions of WASI 0.3.",
  },
];

/** Why a case is meant to differ, if it is. */
export function exceptionFor({ name, problem }: CaseReport): string | undefined {
  const own = basename(name).replace(/\.wac$/, "");
  return EXCEPTIONS.find(
    (each) => (each.name ?? own) === own && problem !== undefined && each.problem.test(problem),
  )?.reason;
}

/** Runs a case that must be accepted. `run` tells how its result differs from the expected one. */
export async function accepted(name: string, run: () => Promise<string | undefined>): Promise<CaseReport> {
  return { name, expected: "accepted", problem: await problemOf(run) };
}

async function problemOf(run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    const notes = error instanceof WacError ? error.notes.map((note) => `\n      ${note}`).join("") : "";
    return `refused: ${String(error)}${notes}`;
  }
}

/** Runs a case that must be refused: at the expected place, and for the expected reason. */
export async function refused(
  name: string,
  { messages, place }: ExpectedError,
  run: () => Promise<unknown>,
): Promise<CaseReport> {
  const report = (problem: string | undefined): CaseReport => ({ name, expected: "refused", problem });
  try {
    await run();
  } catch (error) {
    if (!(error instanceof WacError)) {
      return report(`an error of another kind: ${String(error)}`);
    }
    const found = `${error.line}:${error.column}`;
    return report(
      place !== undefined && place !== found
        ? `expected at ${place}, found at ${found}: ${error.message}`
        : differentReason(messages, error),
    );
  }
  return report("accepted");
}

/** The first line in which two texts differ. */
export function differentText(found: string, expected: string): string | undefined {
  const foundLines = found.trimEnd().split("\n");
  const expectedLines = expected.trimEnd().split("\n");
  for (let line = 0; line < Math.max(foundLines.length, expectedLines.length); line++) {
    if (foundLines[line] !== expectedLines[line]) {
      return `line ${line + 1}: expected “${expectedLines[line] ?? "the end"}”, found “${foundLines[line] ?? "the end"}”`;
    }
  }
  return undefined;
}
