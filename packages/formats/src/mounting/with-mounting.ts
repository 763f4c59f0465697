import {
  type ChannelDeclaration,
  createMessageConverter,
  messageValues,
  type SensorKind,
} from "@playhead/recording";
import { compose, IDENTITY, mountOf, type Transform } from "../kitti/transform.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import { frameName, placementsIn, placesFrames } from "./frame-placements.ts";
import { FrameTree } from "./frame-tree.ts";

/** Sensors and what places them come at a recording's start: so far is searched. */
const SEARCHED_MESSAGES = 20_000;
const SEARCHED_NS = 10_000_000_000n;

/** Frames of cameras have x to the right and z forward; frames of ours have x forward and y to the left. */
const FORWARD_IN_CAMERA: Transform = { ...IDENTITY, rotation: [0, -1, 0, 0, 0, -1, 1, 0, 0] };

/** The frame and the kind of a sensor, as its first message says. */
interface PlacedSensor {
  readonly frame: string;
  readonly kind: SensorKind;
}

/**
 * The same recording, its sensors with their places in the vehicle in their channels' metadata (`mount.…`, wit/PAYLOADS.md), where the recording has them as transforms
 * (`tf2_msgs/TFMessage` on `/tf_static`, `foxglove.FrameTransform` that stay the same) from the frame of their messages to the vehicle's: `base_link`, or the only
 * root. `mount.frame` names that frame. Cameras' frames look along z by convention of both systems and are turned to look along x. What the metadata say already
 * stays.
 */
export async function withMounting(source: MessageSource, signal?: AbortSignal): Promise<MessageSource> {
  if (!source.channels.some(placesFrames)) return source;
  const { tree, sensors } = await searched(source, signal);
  const { base } = tree;
  if (base === undefined) return source;
  const described = source.channels.map((channel, number) => {
    const sensor = sensors.get(number);
    if (sensor === undefined || channel.metadata?.["mount.x"] !== undefined) return channel;
    const place = tree.placeIn(base, sensor.frame);
    if (place === undefined) return channel;
    const mount = mountOf(sensor.kind === "camera" ? compose(place, FORWARD_IN_CAMERA) : place);
    return { ...channel, metadata: { ...channel.metadata, ...mount, "mount.frame": base } };
  });
  return new WrappedSource(source, () => (message) => message, described);
}

async function searched(
  source: MessageSource,
  signal: AbortSignal | undefined,
): Promise<{ readonly tree: FrameTree; readonly sensors: ReadonlyMap<number, PlacedSensor> }> {
  const tree = new FrameTree();
  const sensors = new Map<number, PlacedSensor>();
  const seen = new Set<number>();
  const readers = source.channels.map((channel) =>
    placesFrames(channel) ? messageValues(channel) : undefined,
  );
  let left = SEARCHED_MESSAGES;
  let endNs: bigint | undefined;
  search: for await (const batch of source.messages(signal)) {
    for (const message of batch) {
      endNs ??= message.logTimeNs + SEARCHED_NS;
      if (left-- === 0 || message.logTimeNs > endNs) break search;
      const read = readers[message.channel];
      if (read !== undefined) for (const placement of decoded(read, message)) tree.add(placement);
      else if (!seen.has(message.channel)) {
        seen.add(message.channel);
        const sensor = sensorOf(source.channels[message.channel] as ChannelDeclaration, message.data);
        if (sensor !== undefined) sensors.set(message.channel, sensor);
      }
    }
  }
  return { tree, sensors };
}

function decoded(
  read: (message: Uint8Array) => unknown,
  { data }: SourceMessage,
): ReturnType<typeof placementsIn> {
  try {
    return placementsIn(read(data));
  } catch {
    return [];
  }
}

/** Undefined for what is no sensor, or says no frame. */
function sensorOf(channel: ChannelDeclaration, message: Uint8Array): PlacedSensor | undefined {
  const converter = createMessageConverter(channel, message);
  if (converter.kind === "other" || !(converter.convert(message) instanceof Uint8Array)) return undefined;
  const { frame_id } = JSON.parse(converter.metadata(message) ?? "{}") as { frame_id?: string };
  const frame = frameName(frame_id ?? "");
  return frame === "" ? undefined : { frame, kind: converter.kind };
}
