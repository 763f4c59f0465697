/** A time with three digits and its unit. */
export function time(ns) {
  if (ns < 1000) return `${ns.toFixed(ns < 10 ? 1 : 0)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toPrecision(3)} µs` : `${(ns / 1e6).toPrecision(3)} ms`;
}

export function ratio(value) {
  return `${value < 10 ? value.toFixed(2) : Math.round(value)}×`;
}
