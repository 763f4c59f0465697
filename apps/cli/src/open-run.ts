import { basename, dirname, extname, join } from "node:path";
import type { SourceOptions } from "@playhead/formats";
import type { Recording } from "@playhead/recording";
import { loadPipeline, makePlan, type RunPlan } from "@playhead/simulator";
import { openAnyRecording, openGrowing } from "./open-any-recording.ts";
import { openMcapFile } from "./open-mcap-file.ts";
import { ownComponents, packageFolders } from "./package-folders.ts";
import { parseTime } from "./time-argument.ts";

/** What a command that runs a simulation is given. */
export interface RunRequest {
  readonly recording: string;
  /** How a recording in another format is to be read. */
  readonly reading?: Omit<SourceOptions, "openMcap">;
  readonly composition: string | undefined;
  readonly config: string | undefined;
  /** Configurations that are laid over that one, each over those before. */
  readonly overlays?: readonly string[] | undefined;
  readonly depsDirs: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether the recording is read while it is still being written. */
  readonly follow?: boolean | undefined;
}

/** The pipeline that comes with Playhead. */
function defaultComposition(): string {
  return join(ownComponents(), "adas.wac");
}

/** The files that a run reads, as far as the command line tells. */
export function inputFiles({ recording, composition, config, overlays = [] }: RunRequest): string[] {
  const composed = composition ?? defaultComposition();
  const beside = join(dirname(composed), `${basename(composed, extname(composed))}.yaml`);
  return [recording, composed, config ?? beside, ...overlays];
}

/** Opens the recording and the composition. The recording is the caller's to close. */
export async function openRun(request: RunRequest): Promise<RunPlan> {
  const { reading, follow } = request;
  const recording =
    follow === true
      ? await openGrowing(request.recording, reading)
      : await openAnyRecording(request.recording, { ...reading, openMcap: openMcapFile });
  try {
    return await planFor(request, recording);
  } catch (error) {
    await recording.close();
    throw error;
  }
}

async function planFor(request: RunRequest, recording: Recording): Promise<RunPlan> {
  const composition = request.composition ?? defaultComposition();
  const loaded = await loadPipeline(composition, {
    config: request.config,
    overlays: request.overlays,
    depsDirs: packageFolders(composition, request.depsDirs),
  });
  const { from, to, follow } = request;
  return makePlan(recording, loaded, {
    fromUs: from === undefined ? undefined : parseTime("--from", from, recording.startUs),
    toUs: to === undefined ? undefined : parseTime("--to", to, recording.startUs),
    follow,
  });
}
