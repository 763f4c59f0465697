import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { type StartSimulation, simulationServer } from "./simulation-tools.ts";

/** Serves MCP on standard input and output until the client goes away and all is closed. */
export async function serveMcp(version: string, start: StartSimulation): Promise<void> {
  const { server, close } = simulationServer(version, start);
  const closed = new Promise<void>((resolve) => {
    process.stdin.once("close", resolve);
    process.stdin.once("end", resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await close();
}
