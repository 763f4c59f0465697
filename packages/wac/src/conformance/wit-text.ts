import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A folder of WIT as one text, as the tools that make components of WIT take it: what it needs stands inside. */
export function joinedWit(folder: string): string {
  const { name, body } = packageIn(witFiles(folder));
  const deps = join(folder, "deps");
  const nested = (existsSync(deps) ? readdirSync(deps).sort() : []).map((entry) => {
    const path = join(deps, entry);
    const dependency = packageIn(statSync(path).isDirectory() ? witFiles(path) : [path]);
    return `package ${dependency.name} {\n${dependency.body}\n}\n`;
  });
  return `package ${name};\n${body}\n${nested.join("")}`;
}

function witFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wit"))
    .sort()
    .map((name) => join(folder, name));
}

function packageIn(paths: readonly string[]): { readonly name: string; readonly body: string } {
  let name: string | undefined;
  const bodies = paths.map((path) => {
    const text = readFileSync(path, "utf8");
    const header = /^(?:\s|\/\/[^\n]*\n)*package\s+([^\s;{]+)\s*;/.exec(text);
    name ??= header?.[1];
    return text.slice(header?.[0].length ?? 0);
  });
  if (name === undefined) {
    throw new Error(`no file says which package this is: ${paths.join(", ")}`);
  }
  return { name, body: bodies.join("\n") };
}
