/** The module of the thread that a simulation runs in. */
import { serveSimulation } from "@playhead/simulator";
import { openRun, type RunRequest } from "./open-run.ts";

await serveSimulation((request) => openRun(request as RunRequest));
