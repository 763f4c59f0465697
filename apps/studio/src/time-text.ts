/** Seconds with milliseconds: `12.340 s`, or `3:05.000` from a minute on. */
export function timeText(us: number): string {
  const ms = Math.floor(us / 1000);
  const seconds = Math.floor(ms / 1000);
  const rest = String(ms % 1000).padStart(3, "0");
  if (seconds < 60) return `${seconds}.${rest} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}.${rest}`;
}
