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

/**
 * Cases in which this implementation means to differ, with the reason.
 */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  [
    "implicit-resource-import",
    "resources are told apart by identity here, as the component model does; wac compares their names alone. The argument " +
      "`my-func` returns a resource of the imported foo:dependency/types, where the component is given the interface by " +
      "test:bar and so expects a resource of test:bar. What wac writes for it declares the dependency test:baz with a type that " +
      "test:baz does not have (its import `x` equal to a type from outside), so that no component can ever be put in its place.",
  ],
]);

/** Why a case is meant to differ, if it is. */
export function exceptionFor({ name, problem }: CaseReport): string | undefined {
  return problem === undefined ? undefined : EXCEPTIONS.get(basename(name).replace(/\.wac$/, ""));
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
