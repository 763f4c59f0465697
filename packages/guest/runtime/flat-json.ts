/**
 * The members of a JSON object: strings as what they say, everything else as its JSON text. Empty where the text is not
 * an object.
 */
export function flatJson(text: string): Map<string, string> {
  const members = new Map<string, string>();
  const cursor = new Cursor(text);
  if (!cursor.take(0x7b)) return members;
  if (cursor.take(0x7d)) return members;
  do {
    const key = cursor.string();
    if (!cursor.take(0x3a)) return new Map<string, string>();
    const value = cursor.value();
    if (cursor.failed) return new Map<string, string>();
    members.set(key, value);
  } while (cursor.take(0x2c));
  return cursor.take(0x7d) ? members : new Map<string, string>();
}

class Cursor {
  at: i32 = 0;
  failed: bool = false;

  constructor(private text: string) {}

  /** Skips white space and then the given character, if it is there. */
  take(code: i32): bool {
    if (this.peek() != code) return false;
    this.at++;
    return true;
  }

  /** The next character that is not white space; −1 at the end. */
  peek(): i32 {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code != 0x20 && code != 0x0a && code != 0x0d && code != 0x09) return code;
      this.at++;
    }
    return -1;
  }

  value(): string {
    if (this.peek() == 0x22) return this.string();
    const start = this.at;
    let depth = 0;
    while (this.at < this.text.length && !this.failed) {
      const code = this.text.charCodeAt(this.at);
      if (code == 0x22) {
        this.string();
        continue;
      }
      if (code == 0x7b || code == 0x5b) depth++;
      else if (code == 0x7d || code == 0x5d) {
        if (depth == 0) break;
        depth--;
      } else if (code == 0x2c && depth == 0) break;
      this.at++;
    }
    if (this.at == start) this.failed = true;
    return this.text.substring(start, this.at).trim();
  }

  string(): string {
    if (!this.take(0x22)) {
      this.failed = true;
      return "";
    }
    let result = "";
    let start = this.at;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at++);
      if (code == 0x22) return result + this.text.substring(start, this.at - 1);
      if (code != 0x5c) continue;
      result += this.text.substring(start, this.at - 1) + this.escape();
      start = this.at;
    }
    this.failed = true;
    return "";
  }

  private escape(): string {
    const code = this.at < this.text.length ? this.text.charCodeAt(this.at++) : -1;
    if (code == 0x6e) return "\n";
    if (code == 0x74) return "\t";
    if (code == 0x72) return "\r";
    if (code == 0x62) return "\b";
    if (code == 0x66) return "\f";
    if (code == 0x22 || code == 0x5c || code == 0x2f) return String.fromCharCode(code);
    if (code != 0x75 || this.at + 4 > this.text.length) {
      this.failed = true;
      return "";
    }
    const value = I32.parseInt(this.text.substr(this.at, 4), 16);
    this.at += 4;
    return String.fromCharCode(value);
  }
}
