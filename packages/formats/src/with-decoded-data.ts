import { ProblemList } from "./problem-list.ts";
import type { MessageSource } from "./source.ts";
import { WrappedSource } from "./wrapped-source.ts";

/**
 * A source whose messages are packed one by one. Where `decode` throws, the message is left out, which is a problem with its reason. Closing it closes
 * the source.
 */
export function withDecodedData(
  source: MessageSource,
  decode: (data: Uint8Array) => Uint8Array,
): MessageSource {
  const problems = new ProblemList();
  const change: ConstructorParameters<typeof WrappedSource>[1] = () => (message) => {
    try {
      return { ...message, data: decode(message.data) };
    } catch (error) {
      const topic = source.channels[message.channel]?.topic ?? "";
      const where = `${source.name}, ${topic}, message at ${message.logTimeNs} ns`;
      problems.add("damaged-message", `${where}: ${(error as Error).message}; it is left out`, topic);
      return undefined;
    }
  };
  return new WrappedSource(source, change, source.channels, problems);
}
