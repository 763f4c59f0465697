import type { ChannelDeclaration } from "@playhead/recording";
import type { MessageSource } from "./source.ts";

/** What the channels that a source is changed into have in common: what its own have, unless messages in another encoding come among them. Empty for nothing. */
export function profileOf(source: MessageSource, channels: readonly ChannelDeclaration[]): string {
  const own = new Set(source.channels.map(({ messageEncoding }) => messageEncoding));
  const isKept = channels.every(({ messageEncoding }) => own.has(messageEncoding));
  return isKept ? (source.profile ?? "") : "";
}
