/** Messages as columns rather than objects, as a store has them in memory: one row per message. */
export interface MessageRows {
  /** Log time: whole µs since the Unix epoch, and what is left below one, 0 … 999 ns. */
  readonly timeUs: ArrayLike<number>;
  readonly remainderNs: ArrayLike<number>;
  readonly channelId: ArrayLike<number>;
  /** Ns since the Unix epoch. */
  publishTimeNs(row: number): bigint;
  /** A view, valid as long as it is kept. */
  data(row: number): Uint8Array;
}
