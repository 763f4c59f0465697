import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProblemList } from "../problem-list.ts";
import { compose, IDENTITY, inverse, mountOf, rounded, type Transform } from "./transform.ts";

type Metadata = Record<string, string>;

/** What channels say of their sensors; empty where there is no calibration. */
export interface Calibration {
  camera(number: string): Metadata;
  readonly lidar: Metadata;
  readonly imu: Metadata;
}

/**
 * Where the laser scanner sits in the vehicle: 1.73 m above the ground, as the data set says. How far behind the front bumper is not said: about,
 * by the car's wheelbase (2.71 m) and front overhang (0.94 m), with the inertial unit above the rear axle and the scanner 0.81 m before it.
 */
const LIDAR_IN_VEHICLE: Transform = { ...IDENTITY, translation: [-2.84, 0, 1.73] };

/** Cameras look along z, with x to the right; frames of ours look along x, with y to the left. */
const FORWARD_IN_CAMERA: Transform = { ...IDENTITY, rotation: [0, -1, 0, 0, 0, -1, 1, 0, 0] };

/**
 * Reads the calibration files of a day of KITTI's recordings from the first of the folders that has them. `isRectified` tells which intrinsics
 * the pictures have.
 */
export async function readCalibration(
  folders: readonly string[],
  isRectified: boolean,
  problems: ProblemList,
): Promise<Calibration> {
  const cameras = await readValues(folders, "calib_cam_to_cam.txt", problems);
  const lidarToCamera = transformOf(await readValues(folders, "calib_velo_to_cam.txt", problems));
  const imuToLidar = transformOf(await readValues(folders, "calib_imu_to_velo.txt", problems));
  return {
    lidar: lidarToCamera === undefined ? {} : mountOf(LIDAR_IN_VEHICLE),
    imu: imuToLidar === undefined ? {} : mountOf(compose(LIDAR_IN_VEHICLE, imuToLidar)),
    camera: (number) => ({
      ...intrinsicsOf(cameras, number, isRectified),
      ...cameraMount(cameras, number, isRectified, lidarToCamera),
    }),
  };
}

type Values = ReadonlyMap<string, readonly number[]>;

/** Lines such as `R: 7.5e-03 -9.9e-01 …`; empty where no folder has the file. */
async function readValues(folders: readonly string[], name: string, problems: ProblemList): Promise<Values> {
  for (const folder of folders) {
    const text = await readFile(join(folder, name), "latin1").catch(() => undefined);
    if (text === undefined) continue;
    const values = new Map<string, readonly number[]>();
    for (const line of text.slice(0, MOST_CHARACTERS).split("\n")) {
      const [key = "", rest = ""] = line.split(/:(.*)/s);
      const numbers = rest.trim().split(/\s+/).map(Number);
      if (numbers.length > 0 && numbers.every((value) => Number.isFinite(value)))
        values.set(key.trim(), numbers);
    }
    return values;
  }
  problems.add(
    "no-calibration",
    `expected ${name} in ${folders.join(" or ")}, found none; it is not said how sensors are mounted`,
  );
  return new Map();
}

const MOST_CHARACTERS = 1024 * 1024;

function numbersOf(values: Values, key: string, count: number): readonly number[] | undefined {
  const numbers = values.get(key);
  return numbers?.length === count ? numbers : undefined;
}

function transformOf(values: Values): Transform | undefined {
  const [rotation, translation] = [numbersOf(values, "R", 9), numbersOf(values, "T", 3)];
  return rotation === undefined || translation === undefined ? undefined : { rotation, translation };
}

function intrinsicsOf(values: Values, number: string, isRectified: boolean): Metadata {
  const projection = isRectified ? numbersOf(values, `P_rect_${number}`, 12) : undefined;
  const matrix = projection === undefined ? numbersOf(values, `K_${number}`, 9) : undefined;
  const [fx, cx, fy, cy] = (projection !== undefined ? [0, 2, 5, 6] : [0, 2, 4, 5]).map(
    (place) => (projection ?? matrix)?.[place],
  );
  if (fx === undefined || fy === undefined || cx === undefined || cy === undefined) return {};
  return {
    "camera.fx": rounded(fx),
    "camera.fy": rounded(fy),
    "camera.cx": rounded(cx),
    "camera.cy": rounded(cy),
  };
}

/** By way of camera 0, which the scanner is calibrated to. */
function cameraMount(
  values: Values,
  number: string,
  isRectified: boolean,
  lidarToCamera: Transform | undefined,
): Metadata {
  const fromFirst = isRectified ? rectifiedFromFirst(values, number) : unrectifiedFromFirst(values, number);
  if (lidarToCamera === undefined || fromFirst === undefined) return {};
  const cameraInLidar = inverse(compose(fromFirst, lidarToCamera));
  return mountOf(compose(LIDAR_IN_VEHICLE, compose(cameraInLidar, FORWARD_IN_CAMERA)));
}

function unrectifiedFromFirst(values: Values, number: string): Transform | undefined {
  const [rotation, translation] = [numbersOf(values, `R_${number}`, 9), numbersOf(values, `T_${number}`, 3)];
  return rotation === undefined || translation === undefined ? undefined : { rotation, translation };
}

/** All rectified cameras are turned alike; the last column of a projection says how far they are apart. */
function rectifiedFromFirst(values: Values, number: string): Transform | undefined {
  const rotation = numbersOf(values, "R_rect_00", 9);
  const projection = numbersOf(values, `P_rect_${number}`, 12);
  if (rotation === undefined || projection === undefined) return undefined;
  const [fx = 1, , cx = 0, px = 0, , fy = 1, cy = 0, py = 0, , , , pz = 0] = projection;
  return { rotation, translation: [(px - cx * pz) / fx, (py - cy * pz) / fy, pz] };
}
