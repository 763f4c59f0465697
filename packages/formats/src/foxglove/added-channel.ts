import type { ChannelDeclaration } from "@playhead/recording";
import type { Decoded } from "../decoded-message.ts";
import type { RecordedHeader } from "../recorded-header.ts";

/** A message of a sensor that is seen for the first time. */
export interface SeenSensor {
  /** Of its channel. */
  readonly channel: number;
  readonly decoded: Decoded;
  readonly header: RecordedHeader;
}

/** Says something of a sensor; undefined where there is nothing to say. Throws an Error where this message does not tell what is needed. */
export type Say = (sensor: SeenSensor) => Uint8Array | undefined;

/** A channel that is added to a recording, with what its metadata say of sensors as messages. */
export interface AddedChannel {
  readonly declaration: ChannelDeclaration;
  /** Channels of the sensors that it says something of. */
  readonly sensors: ReadonlySet<number>;
  /** Asked anew whenever the recording is read from its start. */
  begin(): Say;
}
