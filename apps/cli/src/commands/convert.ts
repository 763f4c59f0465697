import { inFoxgloveSchemas, type MessageSource, selectTopics } from "@playhead/formats";
import { type Command, Option } from "commander";
import { compressionOption } from "../compression-option.ts";
import { type ImportTarget, importFile, importJson, importText } from "../import-file.ts";
import {
  addSourceOptions,
  RECORDING_ARGUMENT,
  type SourceArguments,
  sourceOptions,
} from "../source-options.ts";

interface Options extends SourceArguments, ImportTarget {
  readonly schemas?: "foxglove";
  readonly topics?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
With --schemas foxglove cameras, clouds of lidars and radars, scans of lasers, and positions become Foxglove's Protocol Buffers messages, with all that was recorded of them: every
field of a point, covariances, stamps to the nanosecond. What none of these schemas fits, such as compressed depth, is listed and written as it is, and so is all else.
Intrinsics and mountings become messages too, on topics such as /camera/front/calibration and /tf_static, where the recording has none.

Examples:
  playhead convert drive.mcap -o shared.mcap --schemas foxglove
  playhead convert drive.mcap -o front.mcap --topics /camera/front,/imu --compression zstd
`;

export function addConvert(program: Command): void {
  addSourceOptions(
    program
      .command("convert")
      .description(
        "Write a recording anew: in other schemas, with some of its topics, compressed in another way",
      )
      .argument("<recording>", RECORDING_ARGUMENT)
      .requiredOption("-o, --out <file>", "MCAP file to write"),
  )
    .addOption(new Option("--schemas <name>", "what sensors' messages become").choices(["foxglove"]))
    .option("--topics <list>", "only these topics, with commas between them")
    .option("--force", "replace a file that is there already")
    .addOption(compressionOption())
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(convert);
}

async function convert(file: string, options: Options): Promise<void> {
  const summary = await importFile(file, sourceOptions(options), options, (source, signal) =>
    changed(source, options, signal),
  );
  if (summary === undefined) return;
  const show = options.json === true ? importJson : importText;
  process.stdout.write(show(options.out, summary));
}

async function changed(
  source: MessageSource,
  { topics, schemas }: Options,
  signal: AbortSignal,
): Promise<MessageSource> {
  const names = topics?.split(",").map((topic) => topic.trim());
  const selected = names === undefined ? source : selectTopics(source, names);
  return schemas === "foxglove" ? inFoxgloveSchemas(selected, signal) : selected;
}
