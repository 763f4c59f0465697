import type { ChannelDeclaration } from "@playhead/recording";
import { contentKey } from "../readings/channel-sensors.ts";
import { type CatalogueChannel, recordedChannels } from "./catalogue.ts";

/** The numbers of the next message of a channel. */
export interface NextNumbers {
  readonly ordinal: number;
  readonly sequence: number;
}

/** Counts the messages of each channel, and of each sensor: channels with the same content are one. */
export class AppendingChannels {
  readonly declarations: ChannelDeclaration[] = [];
  readonly #counts: number[] = [];
  /** For each channel the number of its sensor. */
  readonly #sensorOf: number[] = [];
  readonly #sensors = new Map<string, number>();
  readonly #ordinals: number[] = [];

  constructor(channels: readonly CatalogueChannel[]) {
    for (const { declaration, range } of channels) {
      const number = this.add(declaration);
      this.#counts[number] = range?.count ?? 0;
      const sensor = this.#sensorOf[number] as number;
      this.#ordinals[sensor] = (this.#ordinals[sensor] as number) + (range?.count ?? 0);
    }
  }

  has(number: number): boolean {
    return this.#counts[number] !== undefined;
  }

  add(declaration: ChannelDeclaration): number {
    const number = this.declarations.push(declaration) - 1;
    const key = keyOf(declaration);
    const sensor = this.#sensors.get(key) ?? this.#sensors.size;
    this.#sensors.set(key, sensor);
    this.#sensorOf.push(sensor);
    this.#ordinals[sensor] ??= 0;
    this.#counts.push(0);
    return number;
  }

  count(number: number): NextNumbers {
    const sensor = this.#sensorOf[number] as number;
    const ordinal = this.#ordinals[sensor] as number;
    const sequence = this.#counts[number] as number;
    this.#ordinals[sensor] = ordinal + 1;
    this.#counts[number] = sequence + 1;
    return { ordinal, sequence: sequence >>> 0 };
  }
}

function keyOf(declaration: ChannelDeclaration): string {
  const { channels, schemas } = recordedChannels([declaration]);
  const [channel] = channels.values();
  const [schema] = schemas.values();
  if (channel === undefined) throw new Error("Invariant: one channel");
  return contentKey(channel, schema);
}
