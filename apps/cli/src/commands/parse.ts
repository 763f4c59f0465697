import { documentJson, parseWac } from "@playhead/wac";
import { readText } from "@playhead/wac/node";
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
  const document = parseWac(await readText(file), file);
  process.stdout.write(`${JSON.stringify(documentJson(document), null, 2)}\n`);
}
