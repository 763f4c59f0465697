import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { rasterise } from "@playhead/renderer";
import { type CommandResult, SimulationError, type SimulationHandle } from "@playhead/simulator";
import { z } from "zod";
import { commandFor, controlInput } from "./control-input.ts";
import { HeldSimulation } from "./held-simulation.ts";
import { viewSvg } from "./pictures.ts";

/** What an agent asks for when it starts a simulation. */
export interface StartRequest {
  readonly recording: string;
  readonly composition: string | undefined;
  readonly config: string | undefined;
  /** Seconds from the recording's start. */
  readonly fromS: number | undefined;
  readonly toS: number | undefined;
  readonly speed: number | "max";
}

/** Opens what is asked for; closing it is the caller's. Throws errors with messages for people. */
export type StartSimulation = (request: StartRequest) => Promise<SimulationHandle>;

const speed = z.union([z.number().min(0.01).max(1000), z.literal("max")]);

export interface SimulationServer {
  readonly server: McpServer;
  /** Closes the simulation, also one that is being started, and then the server. */
  close(): Promise<void>;
}

/**
 * The MCP server: `start_simulation` and `simulation_control`. It holds one simulation; starting another closes the one before.
 */
export function simulationServer(version: string, start: StartSimulation): SimulationServer {
  const server = new McpServer({ name: "playhead", version });
  const held = new HeldSimulation();

  server.registerTool(
    "start_simulation",
    {
      title: "Start a simulation",
      description:
        "Opens a recording of sensor data (an MCAP file), links the composition of WebAssembly components and prepares to replay the recording through it. " +
        "The simulation starts paused at its first moment. Returns its status, the sensors of the recording, and the units and views. A simulation that was there before is closed.",
      inputSchema: {
        recording: z.string().describe("Path of the recording"),
        composition: z
          .string()
          .optional()
          .describe("Path of a WAC file or of a composed component; the ADAS pipeline without"),
        config: z
          .string()
          .optional()
          .describe("Path of the configuration (YAML); the file beside the composition without"),
        from_s: z.number().min(0).optional().describe("Start, seconds from the beginning of the recording"),
        to_s: z
          .number()
          .min(0)
          .optional()
          .describe("End, seconds from the beginning of the recording, inclusive"),
        speed: speed.optional().describe('Virtual seconds per second, 0.01 to 1000, or "max" (the default)'),
      },
    },
    (input) =>
      answered(async () => {
        const simulation = await held.replace(() =>
          start({
            recording: input.recording,
            composition: input.composition,
            config: input.config,
            fromS: input.from_s,
            toS: input.to_s,
            speed: input.speed ?? "max",
          }),
        );
        const { recording, units } = simulation.description;
        return {
          status: statusFor(simulation),
          sensors: recording.sensors.map(({ name, kind, role, count, rateHz }) => ({
            name,
            kind,
            role,
            count,
            rateHz,
          })),
          units: units.map(({ name }) => name),
          views: units.flatMap(({ views }) => views.map(({ name }) => name)),
        };
      }),
  );

  server.registerTool(
    "simulation_control",
    {
      title: "Control the simulation",
      description:
        "Moves the playhead or looks at the simulation: play (optionally until it ends), pause, step (forward or back), seek, speed, loop, run_until (a message, alert or health, forward or back), checkpoint (save where it stands, to come back at once), status, report (readings, steps and times per component, alerts, run hash), picture (what a view shows now, as PNG), close. " +
        "Wherever the playhead goes, the state of every component is exactly what it is when played up to there. Times are seconds from the start of the run.",
      inputSchema: controlInput,
    },
    (input) =>
      answered(async () => {
        const simulation = await held.get();
        if (simulation === undefined) throw new Error("there is no simulation: call start_simulation first");
        if (input.action === "status") return statusFor(simulation);
        if (input.action === "report") return await simulation.report();
        if (input.action === "picture") return await picture(simulation, input.view);
        if (input.action === "close") {
          await held.close();
          return { closed: true };
        }
        const result = await simulation.apply(commandFor(input, simulation));
        if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
        if (input.action === "play" && input.wait === true) await simulation.rest();
        return { ...statusFor(simulation), ...movedBy(result) };
      }),
  );
  return {
    server,
    close: async () => {
      await held.end();
      await server.close();
    },
  };
}

/** How the playhead was moved, whether it found what it looked for, and what was saved. */
function movedBy({ seek, found, checkpoint }: Extract<CommandResult, { ok: true }>): object {
  return {
    ...(seek === undefined ? {} : { seek }),
    ...(found === undefined ? {} : { found }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** The status with times in seconds from the start of the run, as agents think of them. */
function statusFor(simulation: SimulationHandle): object {
  const { timeUs, startUs, endUs, ...rest } = simulation.status;
  return { ...rest, timeS: (timeUs - startUs) / 1e6, durationS: (endUs - startUs) / 1e6 };
}

async function picture(simulation: SimulationHandle, wanted: string | undefined): Promise<CallToolResult> {
  for await (const frame of simulation.frames()) {
    const name = wanted ?? frame.views[0]?.name;
    const view = frame.views.find((candidate) => candidate.name === name);
    if (view === undefined)
      throw new Error(`there is no picture of ${name ?? "any view"} yet: step or seek first`);
    const data = Buffer.from(await rasterise(viewSvg(view))).toString("base64");
    return { content: [{ type: "image", data, mimeType: "image/png" }] };
  }
  throw new Error("the simulation is closed");
}

/** Runs a tool; what it returns becomes JSON text, an error a tool error with its message and code. */
async function answered(run: () => Promise<object>): Promise<CallToolResult> {
  try {
    const value = await run();
    if ("content" in value) return value as CallToolResult;
    return { content: [{ type: "text", text: JSON.stringify(value, undefined, 1) }] };
  } catch (error) {
    const code = error instanceof SimulationError ? `${error.code}: ` : "";
    const text = `${code}${error instanceof Error ? error.message : String(error)}`;
    return { isError: true, content: [{ type: "text", text }] };
  }
}
