import type { ChannelDeclaration } from "@playhead/recording";
import { observe } from "../truth/observe.ts";
import { type TruthEvent, truthEventSchema, truthFrameSchema } from "../truth/truth-frame.ts";
import type { World } from "../world/world.ts";
import { type Instrument, steadily } from "./instrument.ts";

/** Topics of the ground truth. */
export const truthTopics = { objects: "/ground_truth/objects", events: "/ground_truth/events" } as const;

const encoder = new TextEncoder();

/** All objects, 20 Hz, at the times of the radar's scans. */
export function truthObjects(world: World): Instrument {
  return {
    channel: jsonChannel(truthTopics.objects, truthFrameSchema),
    series: [
      {
        dueUs: steadily(20, 17_000),
        measure: (moment) => encoder.encode(JSON.stringify(observe(world, moment.scene(), moment.timeUs))),
      },
    ],
  };
}

/** What happened, when it happened. */
export function truthEvents(world: World): Instrument {
  const { events, crossings } = world.story;
  const sorted = [...events].sort((a, b) => a.timeS - b.timeS);
  const objectOf = (kind: TruthEvent["kind"], timeS: number): number => {
    if (kind === "reaction") return 0;
    if (kind === "braking-start" || kind === "braking-end") return world.leadId;
    const index = crossings.findIndex(
      (crossing) => timeS === crossing.startS || timeS === crossing.motion.endS,
    );
    return world.pedestrianIds[index] ?? 0;
  };
  return {
    channel: jsonChannel(truthTopics.events, truthEventSchema),
    series: [
      {
        dueUs: (k) => {
          const event = sorted[k];
          return event && Math.round(event.timeS * 1e6);
        },
        measure(moment, k) {
          const { kind, timeS } = sorted[k] ?? { kind: "reaction" as const, timeS: 0 };
          const event: TruthEvent = { time_us: moment.timeUs, kind, object: objectOf(kind, timeS) };
          return encoder.encode(JSON.stringify(event));
        },
      },
    ],
  };
}

function jsonChannel(topic: string, schema: { readonly title: string }): ChannelDeclaration {
  const data = encoder.encode(JSON.stringify(schema));
  return {
    topic,
    messageEncoding: "json",
    schema: { name: schema.title, encoding: "jsonschema", data },
    metadata: { "playhead.role": "reference" },
  };
}
