import { readFile } from "node:fs/promises";
import { documentJson, parseWac } from "@playhead/wac";
import type { Command } from "commander";

export function addParse(program: Command): void {
  program
    .command("parse")
    .description("Parse a composition without looking at its packages, and print its syntax tree as JSON")
    .argument("<file>", "WAC file")
    .addHelpText("after", "\nExample:\n  playhead parse adas.wac | jq .directive.package.name\n")
    .action(parse);
}

async function parse(file: string): Promise<void> {
  const document = parseWac(await readFile(file, "utf8"), file);
  process.stdout.write(`${JSON.stringify(documentJson(document), null, 2)}\n`);
}
