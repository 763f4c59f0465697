import type { ChannelDeclaration } from "@playhead/recording";
import { type Decoded, decoderOf } from "../decoded-message.ts";
import type { ProblemList } from "../problem-list.ts";
import { headerAt } from "../recorded-header.ts";
import type { SourceMessage } from "../source.ts";
import type { ChannelEncoder, ChannelMessage } from "./channel-encoder.ts";
import { encoderFor } from "./encoder-for.ts";
import { foxgloveChannel } from "./foxglove-channel.ts";

/** A channel is looked at so often: its first message may be damaged, or empty. */
const MOST_LOOKS = 8;

/** How the messages of a channel are converted: decided by looking at the first of them, then the same for all. */
export class ChannelConversion {
  readonly #channel: ChannelDeclaration;
  readonly #problems: ProblemList;
  readonly #decode: ((message: Uint8Array) => Decoded) | undefined;
  #encoder: ChannelEncoder | undefined;
  /** Why no schema fits, as the first message tells. */
  #reason: string | undefined;
  #looks = 0;

  constructor(channel: ChannelDeclaration, problems: ProblemList) {
    this.#channel = channel;
    this.#problems = problems;
    this.#decode = decoderOf(channel);
    if (this.#decode === undefined)
      this.#reason = "expected a definition of its messages, found none that can be used";
  }

  get isDecided(): boolean {
    return this.#encoder !== undefined || this.#decode === undefined || this.#looks >= MOST_LOOKS;
  }

  look(data: Uint8Array): void {
    if (this.isDecided) return;
    this.#looks++;
    try {
      const found = encoderFor(this.#channel, this.#message(data));
      if ("reason" in found) this.#reason ??= found.reason;
      else this.#encoder = found;
    } catch (error) {
      this.#reason ??= (error as Error).message;
    }
  }

  /** What the channel becomes: what it is, where no schema fits, which is a problem then. A channel that was not seen is taken for a usual one. */
  settle(): ChannelDeclaration {
    if (this.#encoder === undefined && this.#reason === undefined) {
      const usual = encoderFor(this.#channel, undefined);
      if (!("reason" in usual)) this.#encoder = usual;
    }
    if (this.#encoder !== undefined) return foxgloveChannel(this.#channel, this.#encoder.schema);
    this.#problem(`${this.#reason}; its messages are written as they are`);
    return this.#channel;
  }

  /** Undefined for a message that is not what its channel says, which is a problem. Behind `settle`. */
  convert(message: SourceMessage): SourceMessage | undefined {
    const encoder = this.#encoder;
    if (encoder === undefined) return message;
    const { logTimeNs, data } = message;
    const where = `message at ${logTimeNs} ns`;
    try {
      const whole = this.#message(data);
      const doubt = encoder.doubt?.(whole);
      if (doubt !== undefined) this.#problem(`${doubt}; it is written all the same`, where);
      return { ...message, data: encoder.encode(whole, headerAt(whole.decoded, logTimeNs)) };
    } catch (error) {
      this.#problem(`${(error as Error).message}; it is left out`, where);
      return undefined;
    }
  }

  #message(data: Uint8Array): ChannelMessage {
    if (this.#decode === undefined) throw new Error("Invariant: only what can be decoded is looked at");
    return { decoded: this.#decode(data), data };
  }

  #problem(text: string, where?: string): void {
    const { topic } = this.#channel;
    this.#problems.add("not-converted", `${[topic, where].filter(Boolean).join(", ")}: ${text}`, topic);
  }
}
