import type { VirtualWasi } from "@playhead/wasi";
import { Bus } from "../bus/bus.ts";
import { type SubscriptionConfig, UNCONFIGURED } from "../config/config.ts";
import { mayRestart, ownValue, rateOf } from "../config/unit-config.ts";
import { type Drawing, type Output, RunHash } from "../outputs/output.ts";
import { pictureToJson } from "../outputs/picture.ts";
import type { InstanceStates, LinkedPipeline, LinkedUnit } from "../pipeline/pipeline.ts";
import { latestPictures } from "../sensors/latest-pictures.ts";
import { RecordingFeed } from "../sensors/recording-feed.ts";
import { SensorBridge } from "../sensors/sensor-bridge.ts";
import { sensorSettings } from "../sensors/sensor-settings.ts";
import { Aftermath, type AftermathHost } from "./aftermath.ts";
import { type Decision, Decisions } from "./decision.ts";
import { duePublisher } from "./due-publisher.ts";
import type { EngineHooks } from "./engine-hooks.ts";
import type { EngineState } from "./engine-state.ts";
import type { FaultContext } from "./fault.ts";
import { hostServices, type ServiceHost } from "./host-services.ts";
import { Journal } from "./journal.ts";
import { limitUs, type RunPlan } from "./run-plan.ts";
import { type StateParts, stateParts } from "./state-hash.ts";
import { Timetable } from "./timetable.ts";
import { type LogLevel, Unit, type View } from "./unit.ts";
import { UnitCalls } from "./unit-calls.ts";
import { type UnitWasiHost, unitWasi, unrepeatable } from "./unit-wasi.ts";

/** One run from its start forward: everything deterministic. It cannot go back; going back means a new engine. */
export class Engine implements ServiceHost, UnitWasiHost, AftermathHost, FaultContext {
  readonly plan: RunPlan;
  readonly bridge: SensorBridge;
  readonly bus = new Bus();
  readonly wasi: VirtualWasi;
  readonly units: readonly Unit[];
  readonly runHash = new RunHash();
  readonly journal = new Journal();
  /** Frames that were due. */
  frames = 0;
  events = 0;
  readonly #hooks: EngineHooks;
  readonly #decisions: Decisions;
  #linked: LinkedPipeline;
  readonly #feed: RecordingFeed;
  readonly #timetable: Timetable;
  readonly #calls: UnitCalls;
  readonly #unitByName = new Map<string, Unit>();
  /** Outputs that were not yet taken. */
  #outputs: Output[] = [];
  #outputCount = 0;
  #nowUs: number;
  readonly #aftermath = new Aftermath(this);

  /**
   * @param decisions what is decided already, also about events to come; whoever has it may add to it
   * @throws SimulationError `component-fault` where a unit cannot be initialised
   */
  constructor(plan: RunPlan, hooks: EngineHooks, decisions = new Decisions(plan.decisions)) {
    const { recording, config, startUs } = plan;
    this.plan = plan;
    this.#hooks = hooks;
    this.#decisions = decisions;
    this.#nowUs = startUs;
    this.#feed = new RecordingFeed(plan, hooks);
    this.bridge = new SensorBridge(recording.sensors, this.#feed.readAhead, {
      settings: sensorSettings(recording.sensors, config),
      causal: config.causal,
      longestWindowUs: config.longestWindowUs,
    });
    this.#timetable = new Timetable(startUs, {
      step: (unit, timeUs) => this.#step(unit, timeUs),
      render: (unit, view, index, timeUs) => this.#render(unit, view, index, timeUs),
      frame: (timeUs) => {
        this.frames++;
        this.#hooks.onFrame(timeUs);
      },
    });
    this.#calls = new UnitCalls(this, hooks);
    this.wasi = unitWasi(this);
    this.#linked = plan.pipeline.link(hostServices(this), config);
    this.units = this.#linked.units.map((unit, order) => this.#makeUnit(unit, order));
    for (const decision of decisions.at(0)) this.#aftermath.carryOut(decision);
    for (const unit of this.units) if (unit.standing === "running") this.#initialise(unit);
    this.#timetable.fill(this.units, recording.sensors, config);
    if (mayRestart(config) || decisions.all.some(({ action }) => action === "restart"))
      this.#aftermath.keepFirst();
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get largestMessageBytes(): number {
    return this.plan.config.largestMessageBytes;
  }

  get largestStepBytes(): number {
    return this.plan.config.largestStepBytes;
  }

  get outputCount(): number {
    return this.#outputCount;
  }

  /** Time of the last event, µs; −∞ before the first. */
  get lastEventUs(): number {
    return this.#timetable.lastTimeUs;
  }

  /** Outputs that were not yet taken. */
  get waitingOutputs(): readonly Output[] {
    return this.#outputs;
  }

  /** Time of the next event within the run, µs; undefined where none is left. */
  get nextEventUs(): number | undefined {
    const timeUs = this.#timetable.nextTimeUs;
    return timeUs <= limitUs(this.plan) ? timeUs : undefined;
  }

  /**
   * Runs events up to the time, inclusive, until the budget says stop. Once all of them have run, now is `untilUs`. Stops, too, before it
   * waits for a recording that is still being written, so that what was run can be handed on.
   *
   * @returns whether the time was reached
   */
  async runUntil(untilUs: number, mayGoOn: () => boolean): Promise<boolean> {
    if (this.bridge.cursor === 0 && this.events === 0) this.bridge.begin(await this.#feed.initial());
    // Moves while the recording grows.
    const lastUs = () => Math.min(untilUs, limitUs(this.plan));
    for (let hasRun = false; ; hasRun = true) {
      const horizonUs = this.bridge.horizonUs(Math.min(this.#timetable.nextTimeUs, lastUs()));
      if (!this.#feed.readAhead.covers(horizonUs)) {
        if (hasRun && this.#feed.isGrowing) return false;
        if (!(await this.#feed.cover(horizonUs))) return false;
      }
      this.#timetable.look(this.#feed.readAhead);
      if (this.#timetable.nextTimeUs > lastUs()) break;
      this.runEvent();
      if (!mayGoOn()) return false;
    }
    if (lastUs() > this.#nowUs) this.#advance(lastUs());
    if (this.#timetable.needsReadings && !this.#feed.isGrowing) await this.#lookAhead();
    return true;
  }

  /** Finds out what readings trigger next, so that `nextEventUs` tells. */
  async #lookAhead(): Promise<void> {
    await this.#feed.cover(this.bridge.horizonUs(Math.min(this.#timetable.nextTimeUs, limitUs(this.plan))));
    this.#timetable.look(this.#feed.readAhead);
  }

  /** Runs the next event; its readings must be there. */
  runEvent(): void {
    const event = this.#timetable.take();
    if (event === undefined) return;
    this.#hooks.timing?.starts(event.timeUs);
    this.#advance(event.timeUs);
    this.events++;
    const decisions = this.#decisions.at(this.events);
    if (decisions.length === 0) event.activity.run(event.timeUs);
    for (const decision of decisions) this.#aftermath.carryOut(decision);
  }

  /** What was decided up to now. */
  get decisions(): readonly Decision[] {
    return this.#decisions.until(this.events);
  }

  /** Fresh instances in the place of all. What their start functions do to the run is undone. */
  relink(): InstanceStates {
    const [bus, wasi, journal, outputs] = [
      this.bus.save(),
      this.wasi.save(),
      this.journal.save(),
      this.#outputs,
    ];
    this.#outputs = [];
    this.#linked = this.plan.pipeline.link(hostServices(this), this.plan.config);
    this.bus.restore(bus);
    this.wasi.restore(wasi);
    this.journal.restore(journal);
    this.#outputs = outputs;
    for (const linked of this.#linked.units) {
      const unit = this.unitNamed(linked.name);
      if (unit !== undefined) unit.linked = linked;
    }
    if (this.#linked.state === undefined)
      throw new Error("Invariant: what could be saved can be saved again");
    return this.#linked.state;
  }

  /** Outputs since the last call, in total order. */
  takeOutputs(): Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Whether this run can be saved and gone back to. */
  get canSave(): boolean {
    return this.#linked.state !== undefined;
  }

  /** Whether this engine can become what was saved; where not, a fresh one of the same plan can. */
  fits(state: EngineState): boolean {
    return this.#linked.state?.fits(state.instances) ?? false;
  }

  /** Saves everything, between two events. Outputs must have been taken. */
  save(): EngineState {
    const instances = this.#linked.state?.save();
    if (instances === undefined) throw new Error("Invariant: a run is saved only where it can be");
    if (this.#outputs.length > 0) throw new Error("Invariant: outputs are taken before a run is saved");
    return {
      nowUs: this.#nowUs,
      events: this.events,
      frames: this.frames,
      outputCount: this.#outputCount,
      journal: this.journal.save(),
      runHash: this.runHash.save(),
      schedule: this.#timetable.save(this.#nowUs),
      bridge: this.bridge.save(),
      bus: this.bus.save(),
      wasi: this.wasi.save(),
      units: this.units.map((unit) => unit.save()),
      decisions: this.decisions,
      instances,
    };
  }

  /** Where the run is, part by part. */
  stateParts(): StateParts {
    return stateParts(this.save(), this.#linked.state?.parts ?? (() => []));
  }

  /** Becomes what was saved, from this engine or from another one of the same plan. */
  async restore(state: EngineState): Promise<void> {
    const initial = state.events === 0 ? [] : await this.#feed.initial();
    const readings = await this.#feed.goBackTo(state);
    this.bridge.restore(state.bridge, readings.recent, readings.latest, this.#feed.readAhead, initial);
    this.bus.restore(state.bus);
    this.wasi.restore(state.wasi);
    this.#linked.state?.restore(state.instances);
    this.runHash.restore(state.runHash);
    this.#timetable.restore(state.schedule);
    this.units.forEach((unit, at) => {
      const saved = state.units[at];
      if (saved !== undefined) unit.restore(saved, readings.named);
    });
    this.#decisions.merge(state.decisions);
    this.#nowUs = state.nowUs;
    this.events = state.events;
    this.frames = state.frames;
    this.#outputCount = state.outputCount;
    this.#outputs = [];
    this.journal.restore(state.journal);
  }

  /** Reads the recording on from where the run is: after it could not be read. */
  async reopen(): Promise<void> {
    this.bridge.readFrom(await this.#feed.moveTo(this.#nowUs, this.bridge.lastPosition));
  }

  async close(): Promise<void> {
    await this.#feed.close();
  }

  unitNameAt(path: string): string | undefined {
    return this.plan.pipeline.unitNameAt(path);
  }

  unitNamed(name: string): Unit | undefined {
    return this.#unitByName.get(name);
  }

  subscriptionConfig(unit: string, topic: string): SubscriptionConfig | undefined {
    const config = ownValue(this.plan.config.units, unit) ?? UNCONFIGURED;
    return ownValue(config.subscribes, topic);
  }

  unitAt(path: string): Unit {
    const unit = this.unitNamed(this.unitNameAt(path) ?? "");
    if (unit === undefined)
      throw new Error(`Invariant: the instance ${JSON.stringify(path)} belongs to a unit`);
    return unit;
  }

  published(unit: Unit, topic: string, payload: Uint8Array): void {
    unit.published.set(topic, (unit.published.get(topic) ?? 0) + 1);
    this.#emit(unit, topic, payload);
    this.#timetable.published(topic, this.#nowUs, this.#calls.stepping);
  }

  log(unit: string, level: LogLevel, message: string): void {
    const known = this.unitNamed(unit);
    if (known !== undefined) known.logLines++;
    this.journal.log({ timeUs: this.#nowUs, unit, level, message });
  }

  /** A blocking read waits for this; false where nobody can publish on the topic now. */
  runPublisherOf(topic: string): boolean {
    const isDue = (unit: Unit) => this.#timetable.isDue(unit, this.#nowUs);
    const unit = duePublisher(topic, this.units, this.#calls.stepping, isDue);
    if (unit === undefined) return false;
    this.#step(unit, this.#nowUs);
    return true;
  }

  #advance(timeUs: number): void {
    this.#nowUs = timeUs;
    this.bridge.advance(timeUs);
    this.bridge.forget(
      this.units.reduce((least, unit) => Math.min(least, unit.arrivedFrom), this.bridge.cursor),
    );
  }

  #makeUnit(linked: LinkedUnit, order: number): Unit {
    const config = ownValue(this.plan.config.units, linked.name) ?? UNCONFIGURED;
    const unit = new Unit(linked, order, rateOf(config, this.plan.config), config);
    unit.logLines = this.journal.lines.filter((line) => line.unit === unit.name).length;
    this.#unitByName.set(unit.name, unit);
    return unit;
  }

  #initialise(unit: Unit): void {
    const warning = unrepeatable(unit.config);
    if (warning !== undefined) this.log(unit.name, "warning", warning);
    this.#calls.init(unit);
    for (const { name, title } of this.#calls.listViews(unit)) {
      const { rateHz = this.plan.config.defaultRateHz, phaseUs } = ownValue(unit.config.views, name) ?? {};
      const topic = `/views/${unit.name}/${name}`;
      unit.views.push({
        name,
        title,
        topic,
        rateHz,
        phaseUs,
        drawing: undefined,
        timeUs: Number.NEGATIVE_INFINITY,
        count: 0,
      });
    }
  }

  #step(unit: Unit, timeUs: number): void {
    if (unit.standing !== "running") return;
    unit.lastStepUs = timeUs;
    this.#timetable.stepping(unit);
    unit.publishedInStep = 0;
    unit.arrivedFrom = unit.nextArrivedFrom;
    unit.nextArrivedFrom = this.bridge.cursor;
    this.#calls.step(unit, timeUs);
  }

  #render(unit: Unit, view: View, index: number, timeUs: number): void {
    if (unit.standing !== "running") return;
    const picture = this.#calls.render(unit, index, timeUs);
    if (picture === undefined) return;
    const payload = Buffer.from(pictureToJson(picture));
    view.drawing = { picture, bytes: payload.length, cameras: latestPictures(this.bridge) };
    view.timeUs = timeUs;
    view.count++;
    this.#emit(unit, view.topic, payload, view.drawing);
  }

  #emit(unit: Unit, topic: string, payload: Uint8Array, drawing?: Drawing): void {
    const output: Output = {
      index: this.#outputCount++,
      timeUs: this.#nowUs,
      unit: unit.name,
      topic,
      kind: drawing === undefined ? "message" : "view",
      payload,
      drawing,
    };
    this.runHash.add(output);
    this.#outputs.push(output);
    if (drawing === undefined && ownValue(unit.config.publishes, topic)?.role === "alerts")
      this.journal.alert(output);
  }

  /** The cursor of the sensor bridge. */
  get cursor(): number {
    return this.bridge.cursor;
  }

  /** Undefined where the instances cannot be saved. */
  get states(): InstanceStates | undefined {
    return this.#linked.state;
  }
}
