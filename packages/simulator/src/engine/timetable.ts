import type { SimulationConfig, UnitConfig } from "../config/config.ts";
import type { ReadAhead } from "../sensors/read-ahead.ts";
import { type NamedSensor, sensorsMeant } from "../sensors/sensors-meant.ts";
import { reactionOrder } from "./reaction-order.ts";
import { type Activity, Priority, Scheduler, type ScheduleState } from "./scheduler.ts";
import type { Unit, View } from "./unit.ts";

/** What happens at the times of a timetable. */
export interface TimetableHost {
  step(unit: Unit, timeUs: number): void;
  render(unit: Unit, view: View, index: number, timeUs: number): void;
  frame(timeUs: number): void;
}

/** What wakes a unit, beside its rate. */
interface Wakers {
  readonly unit: Unit;
  /** Activities that step it, by their numbers: by rate, by reading, by message. */
  readonly rate: number | undefined;
  readonly readings: number | undefined;
  readonly messages: number | undefined;
  /** Times of readings to come that wake it, each once, the first one armed. */
  pendingUs: number[];
}

/**
 * When units are stepped and views drawn. A unit is stepped at its rate, at the time of each reading of the sensors that trigger it, and at the instant
 * of a message on a topic that triggers it. What is due at one instant by rate and by reading is one step, and so are all messages of an
 * instant: those steps come after the others, publishers before those whom they trigger.
 */
export class Timetable {
  readonly #scheduler: Scheduler;
  readonly #host: TimetableHost;
  readonly #wakers: Wakers[] = [];
  readonly #bySequence = new Map<number, Wakers>();
  readonly #bySensor = new Map<number, Wakers[]>();
  readonly #byTopic = new Map<string, Wakers[]>();
  /** Up to which reading a reader was looked through. */
  #looked: { readonly readAhead: ReadAhead; next: number } | undefined;

  constructor(startUs: number, host: TimetableHost) {
    this.#scheduler = new Scheduler(startUs);
    this.#host = host;
  }

  /** To be called once, when all views are known. */
  fill(units: readonly Unit[], sensors: readonly NamedSensor[], { frameRateHz }: SimulationConfig): void {
    const reactions = reactionOrder(units.map(({ name, config }) => ({ name, config }))).order;
    for (const unit of units) {
      this.#addUnit(unit, reactions.get(unit.name) ?? unit.order, sensors);
      unit.views.forEach((view, index) => {
        const run = (timeUs: number) => this.#host.render(unit, view, index, timeUs);
        const { rateHz, phaseUs } = view;
        this.#scheduler.add({ rateHz, phaseUs, priority: Priority.view, order: unit.order, run });
      });
    }
    const run = (timeUs: number) => this.#host.frame(timeUs);
    this.#scheduler.add({ rateHz: frameRateHz, priority: Priority.frame, order: 0, run });
  }

  #addUnit(unit: Unit, reactionOrder: number, sensors: readonly NamedSensor[]): void {
    const { triggers, phaseUs }: UnitConfig = unit.config;
    const run = (timeUs: number): void => {
      if (unit.lastStepUs < timeUs) this.#host.step(unit, timeUs);
    };
    const due: Activity = { priority: Priority.step, order: unit.order, run };
    const rateHz = unit.rateHz === 0 ? undefined : unit.rateHz;
    const rate = rateHz === undefined ? undefined : this.#scheduler.add({ ...due, rateHz, phaseUs });
    const handles = sensorsMeant(sensors, triggers?.sensors ?? []);
    const readings = handles.length === 0 ? undefined : this.#scheduler.add(due);
    const topics = triggers?.topics ?? [];
    const react = (timeUs: number) => this.#host.step(unit, timeUs);
    const reaction: Activity = { priority: Priority.reaction, order: reactionOrder, run: react };
    const messages = topics.length === 0 ? undefined : this.#scheduler.add(reaction);
    const wakers: Wakers = { unit, rate, readings, messages, pendingUs: [] };
    this.#wakers.push(wakers);
    if (readings !== undefined) this.#bySequence.set(readings, wakers);
    for (const handle of handles) append(this.#bySensor, handle, wakers);
    for (const topic of topics) append(this.#byTopic, topic, wakers);
  }

  get lastTimeUs(): number {
    return this.#scheduler.lastTimeUs;
  }

  /** Time of the next event as far as readings have been looked at, µs; +∞ where there is none. */
  get nextTimeUs(): number {
    return this.#scheduler.nextTimeUs;
  }

  /** Whether readings make events. */
  get needsReadings(): boolean {
    return this.#bySensor.size > 0;
  }

  /** Schedules what the readings that came into memory trigger. */
  look(readAhead: ReadAhead): void {
    if (!this.needsReadings) return;
    if (this.#looked?.readAhead !== readAhead) this.#looked = { readAhead, next: readAhead.begin };
    for (; this.#looked.next < readAhead.end; this.#looked.next++) {
      const reading = readAhead.at(this.#looked.next);
      if (reading === undefined) continue;
      for (const wakers of this.#bySensor.get(reading.sensor) ?? []) this.#expect(wakers, reading.timeUs);
    }
  }

  #expect(wakers: Wakers, timeUs: number): void {
    const { pendingUs, readings } = wakers;
    const lastUs = pendingUs.at(-1);
    if (lastUs !== undefined && lastUs >= timeUs) return;
    pendingUs.push(timeUs);
    if (pendingUs.length === 1 && readings !== undefined) this.#scheduler.arm(readings, timeUs);
  }

  /** Takes the next event off. */
  take(): { readonly activity: Activity; readonly timeUs: number } | undefined {
    const event = this.#scheduler.take();
    const wakers = event === undefined ? undefined : this.#bySequence.get(event.sequence);
    if (wakers?.readings !== undefined) {
      wakers.pendingUs.shift();
      this.#scheduler.arm(wakers.readings, wakers.pendingUs[0] ?? Number.POSITIVE_INFINITY);
    }
    return event;
  }

  /**
   * A message was published: those whom it triggers are stepped at this instant, when all that is due by time has been.
   *
   * @param stack units whose steps run now: they have the message already
   */
  published(topic: string, nowUs: number, stack: readonly Unit[]): void {
    for (const { messages, unit } of this.#byTopic.get(topic) ?? [])
      if (messages !== undefined && unit.standing === "running" && !stack.includes(unit))
        this.#scheduler.arm(messages, nowUs);
  }

  /** A step begins: it sees all messages that are there, so that none of them triggers another. */
  stepping(unit: Unit): void {
    const messages = this.#wakers[unit.order]?.messages;
    if (messages !== undefined) this.#scheduler.arm(messages, Number.POSITIVE_INFINITY);
  }

  /** Whether a step of the unit is due at an instant and has not been made. */
  isDue({ order, lastStepUs }: Unit, nowUs: number): boolean {
    const wakers = this.#wakers[order];
    if (wakers === undefined) return false;
    const isDue = (sequence: number | undefined) =>
      sequence !== undefined && this.#scheduler.timeOf(sequence) <= nowUs;
    const byTime = isDue(wakers.rate) || isDue(wakers.readings);
    return (byTime && lastStepUs < nowUs) || isDue(wakers.messages);
  }

  save(nowUs: number): ScheduleState {
    return this.#scheduler.save(nowUs);
  }

  /** Becomes what was saved. Readings that were not delivered then are to be looked at again. */
  restore(state: ScheduleState): void {
    this.#scheduler.restore(state);
    this.#looked = undefined;
    for (const wakers of this.#wakers) {
      const timeUs = wakers.readings === undefined ? undefined : this.#scheduler.timeOf(wakers.readings);
      wakers.pendingUs = timeUs === undefined || timeUs === Number.POSITIVE_INFINITY ? [] : [timeUs];
    }
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
