import { createMessageConverter } from "@playhead/recording";
import { type ReadSource, readSource } from "../source.case.ts";

/** A frame as a line: time in ns, topic, then what the canonical payload says. */
export async function framesOf(path: string): Promise<string[]> {
  return describeFrames(await readSource(path));
}

export function describeFrames({ channels, messages }: ReadSource): string[] {
  const converters = channels.map((channel) =>
    createMessageConverter({ ...channel, schema: channel.schema }),
  );
  return messages.map(({ channel, logTimeNs, data }) => {
    const converter = converters[channel];
    const payload = converter?.convert(data);
    if (converter?.kind !== "can" || !(payload instanceof Uint8Array))
      throw new Error("expected a CAN frame");
    const view = new DataView(payload.buffer, payload.byteOffset);
    const flags = FLAGS.filter((_, bit) => (view.getUint8(4) >> bit) & 1).join("");
    const bytes = Buffer.from(payload.subarray(8)).toString("hex");
    const id = view.getUint32(0, true).toString(16);
    return `${logTimeNs} ${channels[channel]?.topic} ${id} ${flags || "-"} ${view.getUint8(5)} ${bytes}`.trim();
  });
}

/** Extended, remote, error, CAN FD, switched, passive: the bits of a canonical payload. */
const FLAGS = ["x", "r", "e", "f", "s", "p"];
