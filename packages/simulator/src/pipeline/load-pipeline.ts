import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { type Composition, compose, compositionOf } from "@playhead/wac";
import { FilePackages } from "@playhead/wac/node";
import { defaultConfig, parseConfig, type SimulationConfig } from "../config/config.ts";
import type { ConfiguredPipeline } from "../config/make-plan.ts";
import type { TopicSchema } from "../engine/run-plan.ts";
import { SimulationError } from "../errors.ts";
import { wacPipeline } from "./wac-pipeline.ts";

/** Where the packages of a composition are. */
export interface PackageOptions {
  /** Folders with packages; without, `deps` and `build` beside the composition. */
  readonly depsDirs?: readonly string[] | undefined;
  /** What to use for single packages, before any folder: `ns:name` → path, or `npm:name`. */
  readonly packages?: ReadonlyMap<string, string> | undefined;
}

export interface LoadOptions extends PackageOptions {
  /** Configuration file; without, `<composition>.yaml` beside the composition where there is one. */
  readonly config?: string | undefined;
}

/**
 * Reads a composition (a WAC file, or a component that is composed already) and its configuration.
 *
 * @throws WacError, ComponentModelError, SimulationError, or the file system's error
 */
export async function loadPipeline(file: string, options: LoadOptions = {}): Promise<ConfiguredPipeline> {
  const composition = await loadComposition(file, options);
  const soleName = basename(file, extname(file));
  const pipeline = wacPipeline(composition, basename(file), soleName);
  const configFile = options.config ?? join(dirname(file), `${soleName}.yaml`);
  const text = await readText(configFile, options.config !== undefined);
  if (text === undefined) return { pipeline, config: defaultConfig(), schemas: new Map(), files: new Map() };
  const config = parseConfig(text, configFile);
  const schemas = await loadSchemas(config, configFile);
  return { pipeline, config, schemas, files: await loadFiles(config, configFile) };
}

/** Reads a WAC file and resolves it, or takes a component as a composition of itself. */
export async function loadComposition(
  file: string,
  { depsDirs = [], packages }: PackageOptions = {},
): Promise<Composition> {
  const bytes = await readFile(file);
  if (bytes[0] === 0) return compositionOf(decodeNamed(bytes, file), basename(file, extname(file)));
  const folder = dirname(file);
  const directories = depsDirs.length > 0 ? depsDirs : [join(folder, "deps"), join(folder, "build")];
  const resolver = new FilePackages({ directories, overrides: packages, npmFrom: folder });
  return await compose(bytes.toString("utf8"), { file, resolver });
}

function decodeNamed(bytes: Uint8Array, file: string): ReturnType<typeof decodeComponent> {
  try {
    return decodeComponent(bytes, { name: basename(file, extname(file)) });
  } catch (error) {
    if (error instanceof Error) error.message = `${file}: ${error.message}`;
    throw error;
  }
}

async function readText(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function loadSchemas(config: SimulationConfig, configFile: string): Promise<Map<string, TopicSchema>> {
  const schemas = new Map<string, TopicSchema>();
  for (const { publishes } of Object.values(config.units))
    for (const [topic, { schema, schemaName }] of Object.entries(publishes))
      if (schema !== undefined)
        schemas.set(topic, await loadSchema(join(dirname(configFile), schema), schemaName));
  return schemas;
}

/** The files that units find in their file systems. */
async function loadFiles(config: SimulationConfig, configFile: string): Promise<Map<string, Uint8Array>> {
  const names = Object.values(config.units).flatMap(({ wasi }) => Object.values(wasi?.files ?? {}));
  const files = new Map<string, Uint8Array>();
  for (const name of new Set(names)) files.set(name, await readFile(join(dirname(configFile), name)));
  return files;
}

/** A schema file: JSON Schema by its ending `.json`, a ROS 2 message definition by `.msg`. */
async function loadSchema(file: string, name: string | undefined): Promise<TopicSchema> {
  const ending = extname(file);
  const encoding = { ".json": "jsonschema", ".msg": "ros2msg" }[ending];
  if (encoding === undefined)
    throw new SimulationError(
      "bad-configuration",
      `${file}: expected a schema file that ends in .json or .msg`,
    );
  const data = await readFile(file);
  return { name: name ?? titleOf(data, encoding) ?? basename(file, ending), encoding, data };
}

/** A JSON schema is named by its title. */
function titleOf(data: Uint8Array, encoding: string): string | undefined {
  if (encoding !== "jsonschema") return undefined;
  try {
    const { title } = JSON.parse(new TextDecoder().decode(data)) as { title?: unknown };
    return typeof title === "string" ? title : undefined;
  } catch (error) {
    throw new SimulationError(
      "bad-configuration",
      `schema: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
