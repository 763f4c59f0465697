import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { AddedMessages, whatIsSaid } from "./added-messages.ts";
import { calibrationChannels } from "./camera-calibration.ts";
import { framesPlaced, mountChannels } from "./mount-channel.ts";

/**
 * The same recording with what its channels' metadata say of sensors (`camera.…` and `mount.…`, wit/PAYLOADS.md) as messages of Foxglove's schemas as well, which
 * viewers need to put sensors into one picture. What a recording has as messages already stays the only one. Closing it closes the source.
 */
export async function withSensorMessages(
  source: MessageSource,
  signal?: AbortSignal,
): Promise<MessageSource> {
  const problems = new ProblemList();
  const { channels } = source;
  const placed =
    mountChannels(channels, new Set(), problems).length === 0
      ? new Set<string>()
      : await framesPlaced(source, signal);
  const added = [...calibrationChannels(channels), ...mountChannels(channels, placed, problems)];
  if (added.length === 0) return source;
  return new AddedMessages(source, await whatIsSaid(source, added, problems, signal), problems);
}
