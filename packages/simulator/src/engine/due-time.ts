/**
 * The time of a rate's k-th run: `start + round(k · 10⁶ / rate)`, computed from k, so that it never drifts.
 *
 * @param startUs time of run 0, µs
 * @param k from 0; k · 10⁶ stays exact up to k = 9·10⁹
 */
export function dueTimeUs(startUs: number, rateHz: number, k: number): number {
  return startUs + Math.round((k * 1e6) / rateHz);
}

/** The smallest k whose due time is later than the given time. */
export function nextRunAfter(startUs: number, rateHz: number, timeUs: number): number {
  let k = Math.max(0, Math.floor(((timeUs - startUs) * rateHz) / 1e6) - 1);
  while (dueTimeUs(startUs, rateHz, k) <= timeUs) k++;
  return k;
}
