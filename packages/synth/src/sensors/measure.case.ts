import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg2-serialization";
import { completeOptions, type SynthOptions } from "../options.ts";
import { World } from "../world/world.ts";
import { type Instrument, Moment } from "./instrument.ts";

export function worldOf(options: SynthOptions): World {
  return new World(completeOptions(options));
}

/** A message as another library reads it, and when it was measured. */
export interface Measured<T> {
  readonly message: T;
  readonly moment: Moment;
}

/** All messages of a series of the instrument until a time, s. */
export function measure<T>(world: World, instrument: Instrument, untilS: number, series = 0): Measured<T>[] {
  const text = new TextDecoder().decode(instrument.channel.schema?.data);
  const reader = new MessageReader<T>(parse(text, { ros2: true }));
  const one = instrument.series[series];
  const found: Measured<T>[] = [];
  for (let k = 0; one; k++) {
    const dueUs = one.dueUs(k);
    if (dueUs === undefined || dueUs > untilS * 1e6) break;
    const moment = new Moment(world, dueUs);
    found.push({ message: reader.readMessage(one.measure(moment, k)), moment });
  }
  return found;
}

/** Points of a cloud of floats, each as its fields by name. */
export function pointsOf(cloud: {
  readonly fields: readonly { readonly name: string }[];
  readonly data: Uint8Array;
}): Record<string, number>[] {
  const values = new Float32Array(cloud.data.slice().buffer);
  const names = cloud.fields.map((field) => field.name);
  return Array.from({ length: values.length / names.length }, (_, i) =>
    Object.fromEntries(names.map((name, k) => [name, values[i * names.length + k] ?? Number.NaN])),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) * (value - middle))));
}
