import type { Sensor } from "@playhead/recording";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const INTRINSICS = ["fx", "fy", "cx", "cy"];
const PLACE = ["x", "y", "z"];
const TURN = ["roll", "pitch", "yaw"];

/** What a recording says of its sensors for people: intrinsics of cameras, mountings and frames, of the sensors that have them. `frames` are by handle. */
export function sensorFacts(sensors: readonly Sensor[], frames: ReadonlyMap<number, string>): string {
  const mounted = sensors.filter(isMounted);
  const others = sensors.filter((sensor) => !isMounted(sensor) && frames.has(sensor.handle));
  return [
    cameras(sensors),
    ...[...new Set(mounted.map(vehicleFrame))].map((frame) => mountings(mounted, frame, frames)),
    section("Frames", ["name", "frame"], others, ({ handle }) => [frames.get(handle) ?? ""]),
  ].join("");
}

function cameras(sensors: readonly Sensor[]): string {
  const calibrated = sensors.filter(({ metadata }) => metadata["camera.fx"] !== undefined);
  return section("Cameras (px)", ["name", ...INTRINSICS], calibrated, ({ metadata }) =>
    INTRINSICS.map((key) => rounded(metadata[`camera.${key}`], 1, 3)),
  );
}

/** Of the sensors whose places are given in one frame. */
function mountings(
  sensors: readonly Sensor[],
  vehicle: string | undefined,
  frames: ReadonlyMap<number, string>,
): string {
  const title = `Mounted in ${vehicle === undefined ? "the vehicle's frame" : printable(vehicle, 40)} (m, °)`;
  const inside = sensors.filter((sensor) => vehicleFrame(sensor) === vehicle);
  return section(title, ["name", "frame", ...PLACE, ...TURN], inside, ({ handle, metadata }) => [
    frames.get(handle) ?? "",
    ...PLACE.map((key) => rounded(metadata[`mount.${key}`], 1, 3)),
    ...TURN.map((key) => rounded(metadata[`mount.${key}`], 180 / Math.PI, 2)),
  ]);
}

function section(
  title: string,
  heading: readonly string[],
  sensors: readonly Sensor[],
  cells: (sensor: Sensor) => readonly (string | number)[],
): string {
  if (sensors.length === 0) return "";
  return `${title}\n${table([heading, ...sensors.map((sensor) => [sensor.name, ...cells(sensor)])])}`;
}

function isMounted({ metadata }: Sensor): boolean {
  return [...PLACE, ...TURN].some((key) => metadata[`mount.${key}`] !== undefined);
}

function vehicleFrame({ metadata }: Sensor): string | undefined {
  return metadata["mount.frame"];
}

/** A number of the metadata in another unit; what is none, as it is. */
function rounded(text: string | undefined, scale: number, digits: number): string | number {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Number((value * scale).toFixed(digits)) : (text ?? "");
}
