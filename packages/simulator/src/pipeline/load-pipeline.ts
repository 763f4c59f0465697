import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { type Composition, compose, compositionOf } from "@playhead/wac";
import { FilePackages } from "@playhead/wac/node";
import { type ConfigLayer, configOf, layerOf, parseLayer, type SimulationConfig } from "../config/config.ts";
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
  /** Others, each laid over those before. */
  readonly overlays?: readonly string[] | undefined;
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
  const layers: ConfigLayer[] = [];
  const configFile = options.config ?? join(dirname(file), `${soleName}.yaml`);
  const text = await readText(configFile, options.config !== undefined);
  if (text !== undefined) layers.push(parseLayer(text, configFile));
  for (const overlay of options.overlays ?? [])
    layers.push(parseLayer(await readFile(overlay, "utf8"), overlay));
  const config = configOf(layers);
  const schemas = await loadSchemas(config, layers);
  return { pipeline, config, schemas, files: await loadFiles(config, layers) };
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

async function loadSchemas(
  config: SimulationConfig,
  layers: readonly ConfigLayer[],
): Promise<Map<string, TopicSchema>> {
  const schemas = new Map<string, TopicSchema>();
  for (const [unit, { publishes }] of Object.entries(config.units))
    for (const [topic, { schema, schemaName }] of Object.entries(publishes)) {
      if (schema === undefined) continue;
      const path = besideLayer(layers, ["units", unit, "publishes", topic, "schema"], schema);
      schemas.set(topic, await loadSchema(path, schemaName));
    }
  return schemas;
}

/** The files that units find in their file systems. */
async function loadFiles(
  config: SimulationConfig,
  layers: readonly ConfigLayer[],
): Promise<Map<string, Uint8Array>> {
  const paths = new Map<string, string>();
  for (const [unit, { wasi }] of Object.entries(config.units))
    for (const [guestPath, name] of Object.entries(wasi?.files ?? {})) {
      const path = besideLayer(layers, ["units", unit, "wasi", "files", guestPath], name);
      const other = paths.get(name) ?? path;
      if (other !== path)
        throw new SimulationError(
          "bad-configuration",
          `units.${unit}.wasi.files.${guestPath}: expected one file of the name ${name}, found ${other} and ${path}`,
        );
      paths.set(name, path);
    }
  const files = new Map<string, Uint8Array>();
  for (const [name, path] of paths) files.set(name, await readFile(path));
  return files;
}

/** A path that a configuration names, from where the file lies that names it. */
function besideLayer(layers: readonly ConfigLayer[], keys: readonly string[], path: string): string {
  return join(dirname(layerOf(layers, keys)?.file ?? ""), path);
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
