import type { ChannelDeclaration } from "@playhead/recording";
import { decoderOf } from "../decoded-message.ts";
import { frameName, hasTransforms, placementsIn } from "../mounting/frame-placements.ts";
import type { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import type { AddedChannel, Say } from "./added-channel.ts";
import { foxgloveChannel } from "./foxglove-channel.ts";
import { frameTransforms, placeOf, type SensorPlace } from "./frame-transform.ts";
import { freeTopic } from "./free-topic.ts";
import { startOf } from "./start-of.ts";

/**
 * A channel with the places of sensors whose mountings are in their metadata: from the frame of their messages to the vehicle's. `placed` are frames that the recording has
 * transforms of as messages: those stay the only ones. Each message has all places that are known by then, since viewers take the latest alone.
 */
export function mountChannels(
  channels: readonly ChannelDeclaration[],
  placed: ReadonlySet<string>,
  problems: ProblemList,
): AddedChannel[] {
  const places = new Map<number, SensorPlace>();
  for (const [index, channel] of channels.entries()) {
    const place = placeOf(channel);
    if (place !== undefined) places.set(index, place);
  }
  if (places.size === 0) return [];
  const topic = freeTopic(
    ["/tf_static", "/sensor_frames"],
    new Set(channels.map((channel) => channel.topic)),
  );
  const begin = (): Say => {
    const known = new Map<string, SensorPlace>();
    /** By their names as messages have them. */
    const said = new Map<string, SensorPlace>();
    return ({ channel, header: { frameId, stampNs } }) => {
      const place = places.get(channel) as SensorPlace;
      const frame = frameName(frameId);
      if (frame === "" || frame === frameName(place.parent) || placed.has(frame)) return undefined;
      const before = known.get(frame);
      if (before === undefined) {
        known.set(frame, place);
        return frameTransforms(said.set(frameId, place), stampNs);
      }
      if (!areEqual(before, place)) {
        const sensor = channels[channel]?.topic ?? "";
        const expected = `${sensor}: expected the place that another sensor's metadata give of frame ${frameId}`;
        problems.add("not-converted", `${expected}, found another; it is left to its metadata`, sensor);
      }
      return undefined;
    };
  };
  return [
    { declaration: foxgloveChannel({ topic }, "FrameTransforms"), sensors: new Set(places.keys()), begin },
  ];
}

function areEqual(a: SensorPlace, b: SensorPlace): boolean {
  const values = ({ parent, translation, rotation }: SensorPlace) => [parent, ...translation, ...rotation];
  const others = values(b);
  return values(a).every((value, index) => value === others[index]);
}

/** The frames that a recording has transforms of near its start, by their names without a slash. */
export async function framesPlaced(source: MessageSource, signal?: AbortSignal): Promise<Set<string>> {
  const frames = new Set<string>();
  const decoders = source.channels.map((channel) =>
    hasTransforms(channel) ? decoderOf(channel) : undefined,
  );
  if (decoders.every((decode) => decode === undefined)) return frames;
  for await (const { channel, data } of startOf(source, signal)) {
    const decode = decoders[channel];
    if (decode === undefined) continue;
    try {
      for (const { child } of placementsIn(decode(data))) frames.add(child);
    } catch {
      // What cannot be read places nothing.
    }
  }
  return frames;
}
