export { serveMcp } from "./serve-mcp.ts";
export { type StudioServer, serveStudio } from "./serve-studio.ts";
export { type StartRequest, type StartSimulation, simulationServer } from "./simulation-tools.ts";
export { studioApp } from "./studio-app.ts";
