import { fetchRecording, followFrames, send } from "./connection.ts";
import { element } from "./element.ts";
import { commandOfKey } from "./keys.ts";
import { LoopBand } from "./loop-band.ts";
import type { Command, FrameMessage, Speed, Status } from "./messages.ts";
import { PicturePanel } from "./picture-panel.ts";
import { Scrubber } from "./scrubber.ts";
import { showSensors, showUnits } from "./side-bar.ts";
import { timeText } from "./time-text.ts";

const SPEEDS: readonly Speed[] = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, "max"];

const PLAY_ICON = "M4 2v12l9-6z";
const PAUSE_ICON = "M3 2h4v12H3zM9 2h4v12H9z";

const panels = new Map<string, PicturePanel>();
const play = element<HTMLButtonElement>("play");
const speed = element<HTMLSelectElement>("speed");
const loop = element<HTMLButtonElement>("loop");
const state = element("state");
let status: Status | undefined;
let connected = true;

/** Milliseconds that the reason of a refusal stays. */
const NOTICE_MS = 3000;
let notice: ReturnType<typeof setTimeout> | undefined;

/** Whether the command was carried out. */
async function command(wanted: Command): Promise<boolean> {
  const { ok, refused } = await send(wanted);
  if (refused !== undefined) {
    say(refused, "notice");
    clearTimeout(notice);
    notice = setTimeout(showState, NOTICE_MS);
  }
  return ok;
}

function toggle(): void {
  void command({ type: status?.state === "playing" ? "pause" : "play" });
}

/** Repeats the whole run, or nothing any more. */
function repeat(): void {
  void command({ type: "loop", loop: status?.loop === "off" ? "all" : "off" });
}

function say(text: string, kind: string): void {
  state.textContent = text;
  state.dataset.state = kind;
}

function showState(): void {
  clearTimeout(notice);
  if (!connected) say("not connected", "failed");
  else if (status?.error !== undefined) say(`${status.error.code}: ${status.error.message}`, status.state);
  else if (status !== undefined) say(status.state, status.state);
}

const scrubber = new Scrubber((timeUs) => command({ type: "seek", timeUs }));
const loopBand = new LoopBand(
  (event) => scrubber.timeAt(event),
  (loop) => void command({ type: "loop", loop }),
);

function showFrame(frame: FrameMessage): void {
  status = frame.status;
  const { timeUs, startUs, endUs } = status;
  element("time").textContent = timeText(timeUs - startUs);
  element("time").dataset.timeUs = String(timeUs);
  element("duration").textContent = timeText(endUs - startUs);
  element("achieved").textContent =
    status.achievedSpeed > 0 ? `achieved ${status.achievedSpeed.toFixed(2)}×` : "";
  element("hash").textContent = status.runHash;
  showSpeed(status.speed);
  play.querySelector("path")?.setAttribute("d", status.state === "playing" ? PAUSE_ICON : PLAY_ICON);
  play.ariaLabel = status.state === "playing" ? "Pause" : "Play";
  showState();
  scrubber.show(timeUs, startUs, endUs);
  loopBand.show(status.loop, startUs, endUs);
  loop.ariaPressed = String(status.loop !== "off");
  showUnits(frame.units);
  const shown = new Set<PicturePanel>();
  const show = (panel: PicturePanel, pictureUs: number): void => {
    panel.show(pictureUs, startUs);
    shown.add(panel);
  };
  for (const { name, title, timeUs: drawnUs } of frame.views)
    show(panelFor(`view:${name}`, title, viewUrl(name)), drawnUs);
  for (const { name, timeUs: takenUs } of frame.cameras)
    show(panelFor(`camera:${name}`, name, `/api/cameras?name=${encodeURIComponent(name)}`), takenUs);
  for (const panel of panels.values()) if (!shown.has(panel)) panel.clear();
}

/** Of a view `<unit>/<view>`. */
function viewUrl(name: string): string {
  const slash = name.indexOf("/");
  return `/api/views/${encodeURIComponent(name.slice(0, slash))}/${encodeURIComponent(name.slice(slash + 1))}`;
}

function panelFor(name: string, title: string, url: string): PicturePanel {
  let panel = panels.get(name);
  if (panel === undefined) {
    panel = new PicturePanel(name, title, url);
    panels.set(name, panel);
    element("panels").append(panel.root);
  }
  return panel;
}

/** Among those that are offered, in their order. */
function offerSpeed(value: Speed): void {
  const faster = [...speed.options].find((other) => rank(other.value) > rank(value));
  speed.add(new Option(value === "max" ? "Max" : `${value}×`, String(value)), faster ?? null);
}

function rank(value: Speed | string): number {
  return value === "max" ? Number.POSITIVE_INFINITY : Number(value);
}

/** The command line and other programs may ask for any. */
function showSpeed(value: Speed): void {
  speed.value = String(value);
  if (speed.selectedIndex >= 0) return;
  offerSpeed(value);
  speed.value = String(value);
}

for (const value of SPEEDS) offerSpeed(value);
speed.addEventListener("change", () => {
  void command({ type: "speed", speed: speed.value === "max" ? "max" : Number(speed.value) });
  speed.blur();
});
play.addEventListener("click", toggle);
loop.addEventListener("click", repeat);
element("back").addEventListener(
  "click",
  () => void command({ type: "step", unit: "frame", direction: "back" }),
);
element("forward").addEventListener("click", () => void command({ type: "step", unit: "frame" }));
// A button that a click gave the focus would keep the space bar to itself.
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("button") !== null) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey) return;
  if (event.target instanceof HTMLButtonElement && event.key === " ") return;
  const wanted = status && commandOfKey(event, status);
  if (wanted === undefined) return;
  event.preventDefault();
  if (wanted === "toggle") toggle();
  else if (wanted === "repeat") repeat();
  else void command(wanted);
});

followFrames(showFrame, (isConnected) => {
  connected = isConnected;
  showState();
});
const recording = await fetchRecording();
element("recording").textContent = recording.name;
document.title = `${recording.name} – Playhead`;
showSensors(recording);
