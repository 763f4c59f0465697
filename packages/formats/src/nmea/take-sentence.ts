import type { Epoch, Satellite } from "./epoch.ts";
import { checkedDay, dateField, degreesField, numberField, timeField } from "./fields.ts";

const KNOT = 1852 / 3600;
const KILOMETER_PER_HOUR = 1 / 3.6;
/** More in one moment is no sky but damage. */
const MOST_SATELLITES = 512;

type Fields = readonly string[];

/** A sentence's way into an epoch; sentences of other types say nothing that is kept. */
interface SentenceType {
  /** Of the moment that it speaks of, ns since midnight; undefined where it does not say. */
  time?(fields: Fields): bigint | undefined;
  take(fields: Fields, epoch: Epoch, talker: string): void;
}

export const SENTENCE_TYPES: ReadonlyMap<string, SentenceType> = new Map<string, SentenceType>(
  Object.entries({
    GGA: { time: ([time]) => timeField(time), take: takeGga },
    RMC: { time: ([time]) => timeField(time), take: takeRmc },
    GNS: { time: ([time]) => timeField(time), take: takeGns },
    GLL: { time: (fields) => timeField(fields[4]), take: takeGll },
    GST: { time: ([time]) => timeField(time), take: takeGst },
    ZDA: { time: ([time]) => timeField(time), take: takeZda },
    VTG: { take: takeVtg },
    GSA: { take: takeGsa },
    GSV: { take: takeGsv },
    HDT: { take: ([heading], epoch) => assign(epoch, { headingDegrees: numberField(heading) }) },
    "UBX,00": { time: (fields) => timeField(fields[1]), take: takeUbxPosition },
    "UBX,04": {
      time: (fields) => timeField(fields[1]),
      take: (fields, epoch) => assign(epoch, { day: dateField(fields[2]) }),
    },
  } satisfies Record<string, SentenceType>),
);

/** Keeps what is said; what is not leaves what was said before. */
function assign(epoch: Epoch, values: { readonly [Key in keyof Epoch]: Epoch[Key] | undefined }): void {
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) Object.assign(epoch, { [key]: value });
}

function takePosition(epoch: Epoch, [latitude, north, longitude, east]: Fields, talker: string): void {
  const position = { latitude: degreesField(latitude, north), longitude: degreesField(longitude, east) };
  if (position.latitude === undefined || position.longitude === undefined) return;
  assign(epoch, { ...position, talker });
}

/** time, latitude, N, longitude, E, quality, satellites, HDOP, altitude, M, geoid separation, M, age, station */
function takeGga(fields: Fields, epoch: Epoch, talker: string): void {
  const quality = numberField(fields[5]) ?? 0;
  const rest = {
    satellites: numberField(fields[6]),
    hdop: numberField(fields[7]),
    altitudeM: numberField(fields[8]),
    geoidSeparationM: numberField(fields[10]),
  };
  assign(epoch, { quality });
  if (quality === 0) return;
  takePosition(epoch, fields.slice(1, 5), talker);
  assign(epoch, rest);
}

/** GGA's quality by GNS's letters, the best first: RTK fixed, RTK float, precise, differential, alone, dead reckoning, by hand, simulated. */
const GNS_QUALITIES = Object.entries({ R: 4, F: 5, P: 3, D: 2, A: 1, E: 6, M: 7, S: 8, N: 0 });

/**
 * time, latitude, N, longitude, E, a letter for each system, satellites, HDOP, altitude, geoid separation, age, station. Of several in one moment, those
 * for single systems say no position. What GGA has said stays.
 */
function takeGns(fields: Fields, epoch: Epoch, talker: string): void {
  const letters = fields[5] ?? "";
  const quality = GNS_QUALITIES.find(([letter]) => letters.includes(letter))?.[1];
  assign(epoch, { quality: epoch.quality ?? quality });
  if (quality === 0) return;
  if (epoch.latitude === undefined) takePosition(epoch, fields.slice(1, 5), talker);
  assign(epoch, {
    satellites: epoch.satellites ?? numberField(fields[6]),
    hdop: epoch.hdop ?? numberField(fields[7]),
    altitudeM: epoch.altitudeM ?? numberField(fields[8]),
    geoidSeparationM: epoch.geoidSeparationM ?? numberField(fields[9]),
  });
}

/** time, A or V, latitude, N, longitude, E, knots, track, date, magnetic variation, E */
function takeRmc(fields: Fields, epoch: Epoch, talker: string): void {
  const isValid = fields[1] === "A";
  assign(epoch, { day: dateField(fields[8]), isValid });
  if (!isValid) return;
  if (epoch.latitude === undefined) takePosition(epoch, fields.slice(2, 6), talker);
  const variation = numberField(fields[9]);
  assign(epoch, {
    speedMetersPerSecond: scaled(numberField(fields[6]), KNOT),
    trackDegrees: numberField(fields[7]),
    magneticVariationDegrees: scaled(variation, fields[10] === "W" ? -1 : 1),
  });
}

/** latitude, N, longitude, E, time, A or V */
function takeGll(fields: Fields, epoch: Epoch, talker: string): void {
  const isValid = fields[5] !== "V";
  if (epoch.isValid === undefined) assign(epoch, { isValid });
  if (isValid && epoch.latitude === undefined) takePosition(epoch, fields.slice(0, 4), talker);
}

/** time, root mean square, semi-major, semi-minor, orientation, deviation of latitude, of longitude, of altitude */
function takeGst(fields: Fields, epoch: Epoch): void {
  assign(epoch, {
    deviationNorthM: numberField(fields[5]),
    deviationEastM: numberField(fields[6]),
    deviationUpM: numberField(fields[7]),
  });
}

/** time, day, month, year */
function takeZda(fields: Fields, epoch: Epoch): void {
  const [day, month, year] = fields.slice(1, 4).map((field) => numberField(field));
  if (day === undefined || month === undefined || year === undefined) return;
  assign(epoch, { day: checkedDay(year, month, day, fields.slice(1, 4).join(" ")) });
}

/** track, T, magnetic track, M, knots, N, km/h, K; of old without the letters */
function takeVtg(fields: Fields, epoch: Epoch): void {
  const hasLetters = fields[1] === "T" || fields.length > 4;
  const track = numberField(fields[0]);
  const knots = numberField(hasLetters ? fields[4] : fields[2]);
  assign(epoch, { trackDegrees: track });
  if (epoch.speedMetersPerSecond === undefined) assign(epoch, { speedMetersPerSecond: scaled(knots, KNOT) });
}

/** A or M, mode, twelve satellites, PDOP, HDOP, VDOP */
function takeGsa(fields: Fields, epoch: Epoch): void {
  const rest = {
    pdop: numberField(fields[14]),
    hdop: numberField(fields[15]),
    vdop: numberField(fields[16]),
  };
  assign(epoch, { mode: numberField(fields[1]), ...rest });
}

/** sentences, number of this, satellites in view, then up to four of: number, elevation, azimuth, signal */
function takeGsv(fields: Fields, epoch: Epoch, talker: string): void {
  const found: Satellite[] = [];
  for (let place = 3; place + 3 < fields.length; place += 4) {
    const number = numberField(fields[place]);
    if (number === undefined) continue;
    found.push({
      talker,
      number,
      elevationDegrees: numberField(fields[place + 1]),
      azimuthDegrees: numberField(fields[place + 2]),
      signal: numberField(fields[place + 3]),
    });
  }
  epoch.seen = [...(epoch.seen ?? []), ...found].slice(0, MOST_SATELLITES);
}

/** Of u-blox, above the ellipsoid. */
function takeUbxPosition(fields: Fields, epoch: Epoch): void {
  const status = fields[7] ?? "";
  const isValid = status !== "NF" && status !== "";
  assign(epoch, { isValid, mode: { G2: 2, D2: 2, G3: 3, D3: 3 }[status] });
  if (!isValid) return;
  const hasPosition = epoch.latitude !== undefined;
  if (!hasPosition) {
    takePosition(epoch, fields.slice(2, 6), "P");
    assign(epoch, { altitudeM: numberField(fields[6]), geoidSeparationM: 0 });
  }
  const horizontal = scaled(numberField(fields[8]), Math.SQRT1_2);
  const climb = scaled(numberField(fields[12]), -1);
  assign(epoch, {
    deviationNorthM: epoch.deviationNorthM ?? horizontal,
    deviationEastM: epoch.deviationEastM ?? horizontal,
    deviationUpM: epoch.deviationUpM ?? numberField(fields[9]),
    speedMetersPerSecond: epoch.speedMetersPerSecond ?? scaled(numberField(fields[10]), KILOMETER_PER_HOUR),
    trackDegrees: epoch.trackDegrees ?? numberField(fields[11]),
    climbMetersPerSecond: climb,
    hdop: epoch.hdop ?? numberField(fields[14]),
    vdop: epoch.vdop ?? numberField(fields[15]),
  });
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
