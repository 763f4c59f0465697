import type { Engine } from "../engine/engine.ts";
import type { OutputTopic } from "./output.ts";

const encoder = new TextEncoder();

/** How a picture of a view is recorded: the JSON of `pictureToJson`. */
const PICTURE_SCHEMA = {
  name: "playhead.Picture",
  encoding: "jsonschema",
  data: encoder.encode(
    JSON.stringify({
      title: "playhead.Picture",
      description: "What a view showed: an SVG document, a list of drawing operations, or an image (base64).",
      type: "object",
      required: ["tag", "val"],
      properties: { tag: { type: "string", enum: ["svg", "canvas", "image"] }, val: {} },
    }),
  ),
};

/** The topics on which the units of a run may give outputs, in the order of the units. */
export function outputTopics(engine: Engine): OutputTopic[] {
  return engine.units.flatMap((unit): OutputTopic[] => [
    ...Object.entries(unit.config.publishes).map(
      ([topic, { encoding, role }]): OutputTopic => ({
        topic,
        unit: unit.name,
        kind: "message",
        encoding,
        schema: engine.plan.schemas.get(topic),
        role,
      }),
    ),
    ...unit.views.map(
      (view): OutputTopic => ({
        topic: view.topic,
        unit: unit.name,
        kind: "view",
        encoding: "json",
        schema: PICTURE_SCHEMA,
        role: undefined,
      }),
    ),
  ]);
}
