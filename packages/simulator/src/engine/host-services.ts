import { ComponentError, withCaller } from "@playhead/component-model";
import type { Reading, Sensor } from "@playhead/recording";
import type { VirtualWasi } from "@playhead/wasi";
import type { Bus } from "../bus/bus.ts";
import { subscriberClass } from "../bus/subscriber.ts";
import { LARGEST_DEPTH, type SubscriptionConfig } from "../config/config.ts";
import type { HostImports } from "../pipeline/pipeline.ts";
import type { Sample } from "../sensors/interpolate.ts";
import { isOffered } from "../sensors/offered.ts";
import { Packer } from "../sensors/packer.ts";
import type { SensorBridge } from "../sensors/sensor-bridge.ts";
import type { HealthState, LogLevel, Unit } from "./unit.ts";

/** What the services need of the run that they belong to. */
export interface ServiceHost {
  readonly wasi: VirtualWasi;
  readonly bridge: SensorBridge;
  readonly bus: Bus;
  readonly nowUs: number;
  readonly largestMessageBytes: number;
  readonly largestStepBytes: number;
  /** Name of the unit to which the instance with this path belongs; undefined where it is part of none. */
  unitNameAt(path: string): string | undefined;
  /** What the configuration says about a unit's subscriptions to a topic. */
  subscriptionConfig(unit: string, topic: string): SubscriptionConfig | undefined;
  /** That unit, which must be there. */
  unitAt(path: string): Unit;
  published(unit: Unit, topic: string, payload: Uint8Array): void;
  log(unit: string, level: LogLevel, message: string): void;
  /** Runs a publisher of the topic that is due and may run; false where there is none. */
  runPublisherOf(topic: string): boolean;
}

interface Caller {
  readonly path: string;
}

/** The host side of `playhead:sim`, and of WASI, in the JavaScript mapping. Services go by the instance that calls. */
export function hostServices(host: ServiceHost): HostImports {
  return {
    "playhead:sim/types@0.1.0": {},
    "playhead:sim/sensors@0.1.0": sensorServices(host),
    "playhead:sim/bus@0.1.0": busServices(host),
    "playhead:sim/diagnostics@0.1.0": diagnosticServices(host),
    ...host.wasi.imports,
  };
}

function sensorServices(host: ServiceHost): Record<string, unknown> {
  const { bridge } = host;
  const packer = new Packer();
  return {
    listSensors: () => bridge.sensors.filter(isOffered).map(sensorInfo),
    latest: (sensor: number) => {
      const reading = bridge.latest(sensor);
      return reading === undefined ? undefined : readingRecord(reading);
    },
    sample: (sensor: number) => {
      const sample = bridge.sample(sensor);
      if (typeof sample === "string") throw new ComponentError(sample);
      return sampleRecord(sensor, sample);
    },
    window: (sensor: number, duration: bigint) => bridge.window(sensor, Number(duration)).map(readingRecord),
    arrived: withCaller((caller: Caller, sensor: number) =>
      bridge.arrivedSince(host.unitAt(caller.path).arrivedFrom, new Set([sensor])).map(readingRecord),
    ),
    arrivedPacked: withCaller((caller: Caller, sensors: Uint32Array | number[]) => {
      const wanted = sensors.length === 0 ? undefined : new Set(sensors);
      return packer.pack(bridge.arrivedSince(host.unitAt(caller.path).arrivedFrom, wanted));
    }),
  };
}

function sensorInfo(sensor: Sensor): object {
  return {
    handle: sensor.handle,
    name: sensor.name,
    kind: sensor.kind,
    encoding: sensor.encoding,
    schema: sensor.schema,
    rateHz: sensor.rateHz,
    metadata: Object.keys(sensor.metadata).length === 0 ? "" : JSON.stringify(sensor.metadata),
  };
}

function readingRecord(reading: Reading): object {
  return {
    sensor: reading.sensor,
    timestamp: BigInt(reading.timeUs),
    sequence: BigInt(reading.sequence),
    quality: 1,
    interpolated: false,
    metadata: reading.metadata,
    payload: reading.payload,
  };
}

function sampleRecord(sensor: number, sample: Sample): object {
  return {
    sensor,
    timestamp: BigInt(sample.timeUs),
    sequence: BigInt(sample.sequence),
    quality: sample.quality,
    interpolated: sample.interpolated,
    metadata: sample.metadata,
    payload: sample.payload,
  };
}

const DEFAULT_DEPTH = 64;
const DEFAULT_POLICY = "drop-oldest";
const MOST_SUBSCRIPTIONS = 4096;
/** What a message counts for beside its payload: an empty one costs memory, too. */
const MESSAGE_BYTES = 256;

function busServices(host: ServiceHost): Record<string, unknown> {
  const { bus } = host;
  const Subscriber = subscriberClass(host);
  return {
    Subscriber,
    advertise: withCaller((caller: Caller, name: string) => {
      if (!mayPublish(host.unitAt(caller.path), name))
        throw new ComponentError({ tag: "not-declared", val: name });
      return bus.topic(name);
    }),
    publish: withCaller((caller: Caller, topic: number, payload: Uint8Array) => {
      const unit = host.unitAt(caller.path);
      const name = bus.nameOf(topic);
      if (name === undefined) throw new ComponentError({ tag: "unknown-topic", val: topic });
      if (!mayPublish(unit, name)) throw new ComponentError({ tag: "not-declared", val: name });
      if (payload.length > host.largestMessageBytes)
        throw new ComponentError({ tag: "too-large", val: BigInt(host.largestMessageBytes) });
      unit.publishedInStep += payload.length + MESSAGE_BYTES;
      if (unit.publishedInStep > host.largestStepBytes)
        throw new ComponentError({ tag: "too-large", val: BigInt(host.largestStepBytes) });
      const { latched } = unit.config.publishes[name] ?? { latched: false };
      bus.publish(topic, host.nowUs, unit.name, payload, latched);
      host.published(unit, name, payload);
    }),
    subscribe: withCaller((caller: Caller, name: string, depth: number) => {
      if (bus.subscriptionCount >= MOST_SUBSCRIPTIONS)
        throw new Error(`expected at most ${MOST_SUBSCRIPTIONS} subscriptions in a run`);
      const owner = host.unitNameAt(caller.path) ?? "";
      const configured = host.subscriptionConfig(owner, name);
      const asked = depth === 0 ? DEFAULT_DEPTH : Math.min(depth, LARGEST_DEPTH);
      const terms = {
        owner,
        depth: configured?.depth ?? asked,
        policy: configured?.policy ?? DEFAULT_POLICY,
      };
      return new Subscriber(bus.subscribe(name, terms).id);
    }),
  };
}

/** Whether the configuration declares that the unit publishes on the topic. */
export function mayPublish(unit: Unit, topic: string): boolean {
  return Object.hasOwn(unit.config.publishes, topic);
}

function diagnosticServices(host: ServiceHost): Record<string, unknown> {
  return {
    log: withCaller((caller: Caller, level: LogLevel, message: string) => {
      host.log(host.unitAt(caller.path).name, level, message);
    }),
    metric: withCaller((caller: Caller, name: string, value: number) => {
      const { metrics } = host.unitAt(caller.path);
      if (metrics.size < 256 || metrics.has(name)) metrics.set(name, value);
    }),
    health: withCaller((caller: Caller, state: HealthState, reason: string) => {
      host.unitAt(caller.path).health = { state, reason };
    }),
  };
}
