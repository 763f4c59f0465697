/**
 * Looks keys up in `sensor-info.metadata`: a JSON object of strings. Meant for `init`, not for hot loops.
 */

/** The text of a key; empty where the key is missing or the object is malformed. A number without quotes is taken as its text. */
export function metadataText(json: string, key: string): string {
  const length = json.length;
  let at = skipSpace(json, 0);
  if (at >= length || json.charCodeAt(at) != 0x7b) return "";
  at++;
  while (true) {
    at = skipSpace(json, at);
    if (at >= length || json.charCodeAt(at) != 0x22) return "";
    const nameEnd = endOfString(json, at);
    if (nameEnd < 0) return "";
    const name = unescape(json, at + 1, nameEnd);
    at = skipSpace(json, nameEnd + 1);
    if (at >= length || json.charCodeAt(at) != 0x3a) return "";
    at = skipSpace(json, at + 1);
    if (at >= length) return "";
    let value: string;
    if (json.charCodeAt(at) == 0x22) {
      const end = endOfString(json, at);
      if (end < 0) return "";
      value = unescape(json, at + 1, end);
      at = end + 1;
    } else {
      const end = endOfBare(json, at);
      value = json.substring(at, end).trim();
      at = end;
    }
    if (name == key) return value;
    at = skipSpace(json, at);
    if (at >= length || json.charCodeAt(at) != 0x2c) return "";
    at++;
  }
}

/** The number of a key; `fallback` where it is missing or not a finite number. */
export function metadataNumber(json: string, key: string, fallback: f64): f64 {
  return numberOf(metadataText(json, key), fallback);
}

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

function skipSpace(json: string, from: i32): i32 {
  let at = from;
  while (at < json.length && json.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** Place of the closing quote of the string that opens at `from`; −1 where it never closes. */
function endOfString(json: string, from: i32): i32 {
  let at = from + 1;
  while (at < json.length) {
    const c = json.charCodeAt(at);
    if (c == 0x22) return at;
    at += c == 0x5c ? 2 : 1;
  }
  return -1;
}

/** End of a value that is no string: the next comma or brace that is not nested. */
function endOfBare(json: string, from: i32): i32 {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const c = json.charCodeAt(at);
    if (c == 0x22) {
      const end = endOfString(json, at);
      if (end < 0) return json.length;
      at = end;
    } else if (c == 0x5b || c == 0x7b) {
      depth++;
    } else if (c == 0x5d || c == 0x7d) {
      if (depth == 0) return at;
      depth--;
    } else if (c == 0x2c && depth == 0) {
      return at;
    }
    at++;
  }
  return at;
}

function unescape(json: string, from: i32, to: i32): string {
  const raw = json.substring(from, to);
  if (!raw.includes("\\")) return raw;
  let text = "";
  let i = 0;
  while (i < raw.length) {
    const c = raw.charCodeAt(i);
    if (c != 0x5c || i + 1 >= raw.length) {
      text += String.fromCharCode(c);
      i++;
      continue;
    }
    const e = raw.charCodeAt(i + 1);
    i += 2;
    if (e == 0x75) {
      const code = parseInt(raw.substr(i, 4), 16);
      text += String.fromCharCode(isFinite(code) ? <i32>code : 0xfffd);
      i += 4;
    } else {
      text += String.fromCharCode(escaped(e));
    }
  }
  return text;
}

function escaped(letter: i32): i32 {
  if (letter == 0x6e) return 0x0a; // n
  if (letter == 0x74) return 0x09; // t
  if (letter == 0x72) return 0x0d; // r
  if (letter == 0x62) return 0x08; // b
  if (letter == 0x66) return 0x0c; // f
  return letter;
}
