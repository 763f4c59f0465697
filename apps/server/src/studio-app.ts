import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cameraImage, RenderError } from "@playhead/renderer";
import { type RefusalCode, readCommand, type SimulationHandle } from "@playhead/simulator";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { frameJson } from "./frame-json.ts";
import { guardLocal } from "./http-guard.ts";
import { viewSvg } from "./pictures.ts";
import { describeRecording, LatestFrame } from "./session.ts";

const PAGE: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
  "/studio.css": ["studio.css", "text/css; charset=utf-8"],
};

/** HTTP status of a refused command. A seek that was not wanted any more is no failure. */
const REFUSED = {
  "bad-command": 400,
  ended: 409,
  "at-start": 409,
  "not-found": 409,
  "not-saved": 409,
  failed: 409,
  closed: 410,
  superseded: 200,
  cancelled: 200,
} as const satisfies Record<RefusalCode, number>;

const LARGEST_COMMAND = 64 * 1024;
const commandLimit = bodyLimit({
  maxSize: LARGEST_COMMAND,
  onError: (context) => {
    const reason = `a command has at most ${LARGEST_COMMAND} bytes`;
    return context.json({ ok: false, code: "too-large", reason }, 413);
  },
});

export interface StudioApp {
  readonly app: Hono;
  close(): void;
}

/**
 * The studio over HTTP: the page, `GET /api/status`, `/api/recording` and `/api/report`, `POST /api/commands` (the simulation's
 * command union), `GET /api/frames` (Server-Sent Events), `/api/views/<unit>/<view>` (SVG) and `/api/cameras?name=`.
 * A picture comes with the virtual time it shows in `X-Time-Us`, µs since the Unix epoch; 204 where there is none yet.
 *
 * @param pageFolder holds the page's files; scripts under `dist/`
 */
export function studioApp(simulation: SimulationHandle, pageFolder: string): StudioApp {
  const { recording } = simulation.description;
  const latest = new LatestFrame(simulation);
  const app = new Hono();
  app.use(guardLocal);
  app.onError((error, context) => {
    if (error instanceof RenderError) return context.json({ code: error.code, reason: error.message }, 422);
    if (error instanceof HTTPException) return error.getResponse();
    return context.json({ code: "internal", reason: error.message }, 500);
  });
  app.notFound((context) =>
    context.json({ code: "not-found", reason: `nothing at ${context.req.path}` }, 404),
  );

  for (const [path, [file, type]] of Object.entries(PAGE))
    app.get(path, (context) => sendFile(context, join(pageFolder, file), type));
  app.get("/scripts/:file{[a-z-]+\\.js}", (context) =>
    sendFile(context, join(pageFolder, "dist", context.req.param("file")), "text/javascript; charset=utf-8"),
  );

  app.get("/api/status", (context) => context.json(simulation.status));
  app.get("/api/recording", (context) => context.json(describeRecording(recording)));
  app.get("/api/report", async (context) => context.json(await simulation.report()));
  app.post("/api/commands", commandLimit, async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const read = readCommand(body);
    if ("reason" in read) return context.json({ ok: false, code: "bad-command", reason: read.reason }, 400);
    const result = await simulation.apply(read.command);
    return result.ok ? context.json(result) : context.json(result, REFUSED[result.code]);
  });
  app.get("/api/frames", (context) => streamFrames(context, simulation));
  app.get("/api/views/:unit/:view", (context) => {
    const name = `${context.req.param("unit")}/${context.req.param("view")}`;
    const view = latest.get()?.views.find((candidate) => candidate.name === name);
    if (view === undefined) return noPicture(context, name, isView(simulation, name));
    return sendPicture(context, Buffer.from(viewSvg(view).svg), "image/svg+xml", view.timeUs);
  });
  app.get("/api/cameras", (context) => {
    const name = context.req.query("name") ?? "";
    const reading = latest.get()?.cameras.get(name);
    if (reading === undefined)
      return noPicture(
        context,
        name,
        recording.sensors.some((sensor) => sensor.name === name),
      );
    const { data, mime } = cameraImage(reading.payload);
    return sendPicture(context, Buffer.from(data), mime, reading.timeUs);
  });
  return { app, close: () => latest.close() };
}

function sendPicture(context: Context, data: Buffer<ArrayBuffer>, type: string, timeUs: number): Response {
  return context.body(data, 200, { "Content-Type": type, "X-Time-Us": String(timeUs) });
}

function isView({ description }: SimulationHandle, name: string): boolean {
  return description.units.some(({ views }) => views.some((view) => view.name === name));
}

/** There may be none at the start of a run. */
function noPicture(context: Context, name: string, isKnown: boolean): Response {
  if (isKnown) return context.body(null, 204);
  return context.json({ code: "not-found", reason: `nothing of the name ${name}` }, 404);
}

async function sendFile(context: Context, path: string, type: string): Promise<Response> {
  try {
    return context.body(await readFile(path, "utf8"), 200, { "Content-Type": type });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return context.json({ code: "not-found", reason: `nothing at ${context.req.path}` }, 404);
  }
}

function streamFrames(context: Context, simulation: SimulationHandle): Response {
  return streamSSE(context, async (stream) => {
    const abort = new AbortController();
    stream.onAbort(() => abort.abort());
    for await (const frame of simulation.frames(abort.signal))
      await stream.writeSSE({ event: "frame", data: JSON.stringify(frameJson(frame)) });
  });
}
