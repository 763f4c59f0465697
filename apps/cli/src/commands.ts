import type { Command } from "commander";

/** Adds a command to the program. */
type Add = (program: Command) => void;

/** Every command in the order of the help, and where it is: one is loaded with what it needs, and nothing else. */
export const COMMANDS: ReadonlyMap<string, () => Promise<Add>> = new Map([
  ["run", async () => (await import("./commands/run.ts")).addRun],
  ["studio", async () => (await import("./commands/studio.ts")).addStudio],
  ["synth", async () => (await import("./commands/synth.ts")).addSynth],
  ["import", async () => (await import("./commands/import.ts")).addImport],
  ["convert", async () => (await import("./commands/convert.ts")).addConvert],
  ["table", async () => (await import("./commands/table.ts")).addTable],
  ["inspect", async () => (await import("./commands/inspect.ts")).addInspect],
  ["compose", async () => (await import("./commands/compose.ts")).addCompose],
  ["plug", async () => (await import("./commands/plug.ts")).addPlug],
  ["targets", async () => (await import("./commands/targets.ts")).addTargets],
  ["parse", async () => (await import("./commands/parse.ts")).addParse],
  ["verify", async () => (await import("./commands/verify.ts")).addVerify],
  ["verify-way", async () => (await import("./commands/verify-way.ts")).addVerifyWay],
  ["diff", async () => (await import("./commands/diff.ts")).addDiff],
  ["replay-fault", async () => (await import("./commands/replay-fault.ts")).addReplayFault],
  ["ingest", async () => (await import("./commands/ingest.ts")).addIngest],
  ["export", async () => (await import("./commands/export.ts")).addExport],
  ["db", async () => (await import("./commands/db.ts")).addDb],
  ["evaluate", async () => (await import("./commands/evaluate.ts")).addEvaluate],
  ["mcp", async () => (await import("./commands/mcp.ts")).addMcp],
]);
