/** One measurement, as a store delivers it. */
export interface Reading {
  /** Handle of its sensor. */
  readonly sensor: number;
  /** Log time, µs since the Unix epoch, rounded down. */
  readonly timeUs: number;
  /** The rest of the log time below a microsecond, 0 … 999 ns. */
  readonly remainderNs: number;
  /** Publish time, ns since the Unix epoch. */
  readonly publishTimeNs: bigint;
  /** Position among the readings of its sensor, from 0. */
  readonly sequence: number;
  /** Position in the recording's total order (log time, then the order of the recording), from 0. */
  readonly position: number;
  /** The message as recorded. A view: valid as long as the reading is kept. */
  readonly raw: Uint8Array;
  /** Canonical payload for the sensor's kind (wit/PAYLOADS.md); the same bytes as `raw` for kind `other`. */
  readonly payload: Uint8Array;
  /** A JSON object with more about this reading, where there is any (such as `{"frame_id":"…","stamp_us":…}`). */
  readonly metadata: string | undefined;
}

/** A message that could not become a reading, or damage in the file. The stream goes on behind it where it can. */
export interface Problem {
  /** Stable: `malformed-message`, `damaged-chunk`, `truncated`, `out-of-order`, … */
  readonly code: string;
  /** What was expected, what was found, where. */
  readonly message: string;
  /** Name of the sensor that it concerns, if one. */
  readonly sensor: string | undefined;
  readonly timeUs: number | undefined;
}
