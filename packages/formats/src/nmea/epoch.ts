/** What a receiver says of one moment, gathered from the sentences about it. Plain data; what was not said is missing. */
export interface Epoch {
  /** ns since midnight UTC. */
  timeOfDayNs?: bigint;
  /** Days since the Unix epoch. */
  day?: number;
  /** Talkers of its positions: `GP`, `GN`. */
  talker?: string;
  /** Degrees, WGS84. */
  latitude?: number;
  longitude?: number;
  /** m above mean sea level, and of that above the ellipsoid. */
  altitudeM?: number;
  geoidSeparationM?: number;
  /** Of GGA: 0 none, 1 GNSS, 2 differential, 3 precise, 4 RTK fixed, 5 RTK float, 6 dead reckoning, … */
  quality?: number;
  /** Of RMC and GLL: whether the receiver trusts the position. */
  isValid?: boolean;
  /** Of GSA: 1 none, 2 without altitude, 3 with it. */
  mode?: number;
  satellites?: number;
  hdop?: number;
  vdop?: number;
  pdop?: number;
  /** Standard deviations, m. */
  deviationNorthM?: number;
  deviationEastM?: number;
  deviationUpM?: number;
  speedMetersPerSecond?: number;
  /** Upwards, m/s. */
  climbMetersPerSecond?: number;
  /** Degrees from true north. */
  trackDegrees?: number;
  headingDegrees?: number;
  /** Degrees to the east. */
  magneticVariationDegrees?: number;
  /** In the order of the sentences. */
  seen?: Satellite[];
}

/** A satellite in view. */
export interface Satellite {
  readonly talker: string;
  readonly number: number;
  readonly elevationDegrees?: number | undefined;
  readonly azimuthDegrees?: number | undefined;
  /** dB-Hz; missing for one that is not tracked. */
  readonly signal?: number | undefined;
}

/** 1 none, 2 without altitude, 3 with it: as GSA says, or as far as the position tells. */
export function modeOf({ mode, quality, isValid, latitude, altitudeM }: Epoch): number {
  if (quality === 0 || isValid === false || latitude === undefined) return 1;
  if (mode !== undefined) return mode;
  return altitudeM === undefined ? 2 : 3;
}
