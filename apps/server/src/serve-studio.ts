import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { serve } from "@hono/node-server";
import type { SimulationHandle } from "@playhead/simulator";
import { studioApp } from "./studio-app.ts";

export interface StudioServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the studio on 127.0.0.1.
 * @param port 0 picks a free one
 */
export async function serveStudio(simulation: SimulationHandle, port: number): Promise<StudioServer> {
  const pageFolder = dirname(createRequire(import.meta.url).resolve("@playhead/studio/package.json"));
  const { app, close } = studioApp(simulation, pageFolder);
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        close();
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
