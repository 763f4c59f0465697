import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import { ChannelConversion } from "./channel-conversion.ts";
import { isConvertible } from "./encoder-for.ts";
import { startOf } from "./start-of.ts";
import { withSensorMessages } from "./with-sensor-messages.ts";

/**
 * The same recording with cameras, clouds and positions in Foxglove's schemas (Protocol Buffers), with all that was recorded of them. All else, what is in these
 * schemas already, and channels that none of them fits, which is a problem, are passed on as they are. A single message that is not what its channel says is left
 * out, which is a problem too. Intrinsics and mountings in channels' metadata become messages beside them. Closing it closes the source.
 */
export async function inFoxgloveSchemas(given: MessageSource, signal?: AbortSignal): Promise<MessageSource> {
  const source = await withSensorMessages(given, signal);
  const problems = new ProblemList();
  const conversions = source.channels.map((channel) =>
    isConvertible(channel) ? new ChannelConversion(channel, problems) : undefined,
  );
  await look(source, conversions, signal);
  const channels = source.channels.map((channel, index) => conversions[index]?.settle() ?? channel);
  return new WrappedSource(
    source,
    () => (message) => {
      const conversion = conversions[message.channel];
      return conversion === undefined ? message : conversion.convert(message);
    },
    channels,
    problems,
  );
}

/** Shows each channel its first messages. */
async function look(
  source: MessageSource,
  conversions: readonly (ChannelConversion | undefined)[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const isDone = (): boolean => conversions.every((conversion) => conversion?.isDecided !== false);
  if (isDone()) return;
  for await (const { channel, data } of startOf(source, signal)) {
    const conversion = conversions[channel];
    if (conversion?.isDecided !== false) continue;
    conversion.look(data);
    if (conversion.isDecided && isDone()) return;
  }
}
