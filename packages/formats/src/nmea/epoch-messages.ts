import { jsonBytes, jsonChannel, numberProperty } from "../ros2/json-channel.ts";
import { headerOf, Ros2Type } from "../ros2/ros2-type.ts";
import type { Emit } from "../text/dialect.ts";
import { type Epoch, modeOf } from "./epoch.ts";

const NAV_SAT_FIX = Ros2Type.standard("sensor_msgs/msg/NavSatFix");
const FRAME = "gps";

const COVARIANCE_UNKNOWN = 0;
const COVARIANCE_APPROXIMATED = 1;
const COVARIANCE_DIAGONAL = 2;

/** Writes what a receiver said of one moment: its position, its motion, its satellites. */
export function emitEpoch(epoch: Epoch, timeNs: bigint, emit: Emit): void {
  if (saysPosition(epoch)) {
    emit({
      key: "fix",
      timeNs,
      declare: () => NAV_SAT_FIX.channel("/gps/fix"),
      write: () => NAV_SAT_FIX.write(fixOf(epoch, timeNs)),
    });
    emit({
      key: "motion",
      timeNs,
      declare: () => jsonChannel("/gps/motion", "playhead.GnssMotion", MOTION_PROPERTIES),
      write: () => jsonBytes(motionOf(epoch)),
    });
  }
  if (epoch.seen === undefined) return;
  emit({
    key: "satellites",
    timeNs,
    declare: () => jsonChannel("/gps/satellites", "playhead.GnssSatellites", SATELLITES_PROPERTIES),
    write: () => jsonBytes({ satellites: epoch.seen }),
  });
}

/** Also that there is none. */
function saysPosition({ latitude, quality, isValid }: Epoch): boolean {
  return latitude !== undefined || quality !== undefined || isValid !== undefined;
}

function fixOf(epoch: Epoch, timeNs: bigint): object {
  const hasFix = modeOf(epoch) > 1;
  const { altitudeM = Number.NaN, geoidSeparationM = Number.NaN } = epoch;
  const { covariance, type } = hasFix ? covarianceOf(epoch) : { covariance: [], type: COVARIANCE_UNKNOWN };
  return {
    header: headerOf(timeNs, FRAME),
    status: { status: hasFix ? statusOf(epoch.quality) : -1, service: servicesOf(epoch) },
    latitude: hasFix ? epoch.latitude : Number.NaN,
    longitude: hasFix ? epoch.longitude : Number.NaN,
    altitude: hasFix ? altitudeM + geoidSeparationM : Number.NaN,
    position_covariance: Float64Array.from({ length: 9 }, (_, place) => covariance[place] ?? 0),
    position_covariance_type: type,
  };
}

/** GGA's quality → NavSatStatus: 0 fix, 1 with corrections of satellites, 2 with those of a station on the ground. */
function statusOf(quality: number | undefined): number {
  if (quality === 2) return 1;
  return quality === 4 || quality === 5 ? 2 : 0;
}

/** Bits of NavSatStatus: GPS, GLONASS, BeiDou, Galileo. */
const SERVICES: Readonly<Record<string, number>> = { GP: 1, GL: 2, GB: 4, BD: 4, GA: 8 };

function servicesOf({ seen = [], talker = "" }: Epoch): number {
  const talkers = new Set([talker, ...seen.map((satellite) => satellite.talker)]);
  let bits = 0;
  for (const name of talkers) bits |= SERVICES[name] ?? 0;
  return bits === 0 ? 1 : bits;
}

/**
 * m per unit of dilution, standard deviation, by GGA's quality: rough figures of what each kind of correction leaves of the range errors (alone about
 * 5 m, differential 2 m, RTK float 0.5 m, RTK fixed 0.02 m).
 */
const RANGE_ERRORS_M: Readonly<Record<number, number>> = { 2: 2, 3: 2, 4: 0.02, 5: 0.5 };
const RANGE_ERROR_ALONE_M = 5;

/** East, north, up, m²: as GST says; else approximated by the dilution of precision. */
function covarianceOf(epoch: Epoch): { covariance: number[]; type: number } {
  const { deviationEastM, deviationNorthM, deviationUpM, hdop, vdop, quality = 1 } = epoch;
  if (deviationEastM !== undefined && deviationNorthM !== undefined) {
    const up = (deviationUpM ?? Number.NaN) ** 2;
    return {
      covariance: [deviationEastM ** 2, 0, 0, 0, deviationNorthM ** 2, 0, 0, 0, up],
      type: COVARIANCE_DIAGONAL,
    };
  }
  if (hdop === undefined) return { covariance: [], type: COVARIANCE_UNKNOWN };
  const error = RANGE_ERRORS_M[quality] ?? RANGE_ERROR_ALONE_M;
  // HDOP is of both axes together; up is about twice as bad where nothing is said of it.
  const axis = (hdop * error) ** 2 / 2;
  const up = ((vdop ?? 2 * hdop) * error) ** 2;
  return { covariance: [axis, 0, 0, 0, axis, 0, 0, 0, up], type: COVARIANCE_APPROXIMATED };
}

function motionOf(epoch: Epoch): object {
  return {
    mode: modeOf(epoch),
    speed: epoch.speedMetersPerSecond,
    track: epoch.trackDegrees,
    climb: epoch.climbMetersPerSecond,
    heading: epoch.headingDegrees,
    magnetic_variation: epoch.magneticVariationDegrees,
    altitude_msl: epoch.altitudeM,
    geoid_separation: epoch.geoidSeparationM,
    quality: epoch.quality,
    satellites_used: epoch.satellites,
    hdop: epoch.hdop,
    vdop: epoch.vdop,
    pdop: epoch.pdop,
  };
}

const MOTION_PROPERTIES = {
  mode: numberProperty("1 no fix, 2 without altitude, 3 with altitude"),
  speed: numberProperty("m/s over ground"),
  track: numberProperty("degrees from true north"),
  climb: numberProperty("m/s upwards"),
  heading: numberProperty("degrees from true north"),
  magnetic_variation: numberProperty("degrees to the east"),
  altitude_msl: numberProperty("m above mean sea level"),
  geoid_separation: numberProperty("m of mean sea level above the WGS84 ellipsoid"),
  quality: numberProperty("of GGA: 0 none, 1 GNSS, 2 differential, 4 RTK fixed, 5 RTK float, …"),
  satellites_used: numberProperty("satellites in the solution"),
  hdop: numberProperty("horizontal dilution of precision"),
  vdop: numberProperty("vertical dilution of precision"),
  pdop: numberProperty("dilution of precision"),
};

const SATELLITES_PROPERTIES = {
  satellites: {
    type: "array",
    items: {
      type: "object",
      properties: {
        talker: { type: "string" },
        number: numberProperty("of the satellite, as the receiver counts them"),
        elevationDegrees: numberProperty("degrees above the horizon"),
        azimuthDegrees: numberProperty("degrees from true north"),
        signal: numberProperty("dB-Hz"),
      },
    },
  },
};
