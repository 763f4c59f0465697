/**
 * Reads numbers out of texts: settings and sensor metadata (`flatJson` of the generated runtime makes the latter a map).
 * Meant for `init`, not for hot loops.
 */

/** The finite number that the whole text says (also `0x…`); `fallback` where it says none. */
export function numberOf(text: string, fallback: f64): f64 {
  const trimmed = text.trim();
  if (trimmed.length == 0) return fallback;
  if (trimmed.startsWith("0x") || trimmed.startsWith("0X")) {
    const hex = parseInt(trimmed, 16);
    return isFinite(hex) ? hex : fallback;
  }
  for (let i = 0; i < trimmed.length; i++) {
    const c = trimmed.charCodeAt(i);
    const digit = c >= 0x30 && c <= 0x39;
    if (!digit && c != 0x2b && c != 0x2d && c != 0x2e && c != 0x65 && c != 0x45) return fallback;
  }
  const value = parseFloat(trimmed);
  return isFinite(value) ? value : fallback;
}

/** The finite number that a key has; `fallback` where it is missing or says none. */
export function numberIn(map: Map<string, string>, key: string, fallback: f64): f64 {
  return map.has(key) ? numberOf(map.get(key), fallback) : fallback;
}
