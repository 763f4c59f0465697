import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "./commands.ts";
import { runMain } from "./run-main.case.ts";

const loaded: string[] = [];
for (const [name, load] of COMMANDS) {
  const spied = async () => {
    loaded.push(name);
    return await load();
  };
  (COMMANDS as Map<string, typeof load>).set(name, spied);
}

describe("commands", () => {
  it.each([...COMMANDS])("%s is found under its name", async (name, load) => {
    const program = new Command();
    (await load())(program);
    expect(program.commands.map((command) => command.name())).toEqual([name]);
  });

  it.each([
    [["--version"], []],
    [["--debug", "-V"], []],
    [["parse", "none.wac"], ["parse"]],
    [["parse", "--help"], ["parse"]],
    [["--debug", "db", "list"], ["db"]],
    [["--help"], [...COMMANDS.keys()]],
    [["help", "db"], [...COMMANDS.keys()]],
    [[], [...COMMANDS.keys()]],
    [["constructor"], [...COMMANDS.keys()]],
  ])("playhead %j loads %j", async (args, expected) => {
    loaded.length = 0;
    await runMain(...args);
    expect(loaded).toEqual(expected);
  });

  it("one that there is not is told with the one that may be meant", async () => {
    const { errors, exitCode } = await runMain("improt", "drive.bag");
    expect(errors).toBe("error: unknown command 'improt'\n(Did you mean import?)\n");
    expect(exitCode).toBe(2);
  });

  it("--help lists them in their order", async () => {
    const { text } = await runMain("--help");
    const section = text.slice(text.indexOf("Commands:"), text.indexOf("Exit codes"));
    const listed = [...section.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name);
    expect(listed).toEqual([...COMMANDS.keys(), "help"].filter((name) => name !== "verify-way"));
  });
});
