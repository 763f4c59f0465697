import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskPasswords } from "./mask-passwords.ts";

const word = (characters: string, least: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: least, maxLength: 12 });
const LETTERS = "abcxyzAZ09";

const address = fc.record({
  scheme: fc.constantFrom("postgres", "postgresql", "mysql", "https", "POSTGRES", "s3", "git+ssh"),
  slashes: fc.constantFrom("://", ":/", ":///"),
  user: word(`${LETTERS}@.%-_`, 0),
  password: fc.string({ unit: "grapheme-ascii", minLength: 1 }),
  rest: word(`${LETTERS}/:?.`, 0),
});
/** No `@` in it, and nothing that an address begins with. */
const text = word(`${LETTERS} .,'"():\n`, 0);

describe("passwords in texts", () => {
  it("are masked, whatever characters they have, and nothing else is", () => {
    fc.assert(
      fc.property(text, address, text, (before, { scheme, slashes, user, password, rest }, behind) => {
        const masked = maskPasswords(`${before} ${scheme}${slashes}${user}:${password}@${rest} ${behind}`);
        expect(masked).toBe(`${before} ${scheme}${slashes}${user}:***@${rest} ${behind}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("leave nothing of themselves where an address is cut off", () => {
    fc.assert(
      fc.property(address, ({ scheme, slashes, user, password }) => {
        const masked = maskPasswords(`found ${scheme}${slashes}${user}:${password}…`);
        expect(masked).toBe(`found ${scheme}${slashes}${user}:***…`);
      }),
    );
  });

  it("leave what a message says behind them", () => {
    expect(
      maskPasswords(
        "mysql://u:a@b c@h/x: expected an address such as postgres://user@host/database, found another one",
      ),
    ).toBe("mysql://u:***@h/x: expected an address such as postgres://user@host/database, found another one");
  });

  it("are masked as parameters", () => {
    expect(maskPasswords("postgres://h/x?user=me&password=a:b/c&sslpassword=d#e: found none")).toBe(
      "postgres://h/x?user=me&password=***&sslpassword=***#e: found none",
    );
  });

  it("texts without them stay as they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        fc.pre(!/:\/|password=/i.test(given));
        expect(maskPasswords(given)).toBe(given);
      }),
    );
    for (const given of [
      "https://example.com:8420/drive.mcap",
      "me@example.com: https://example.com",
      "postgres://me@host:5432/drives/monday: expected a recording of that name, found none",
      "at file:///home/me/node_modules/@playhead/store/dist/index.js:10:5 (node_modules/@mcap)",
      "my.wac:2:9: no playhead:sim/component@0.1.0",
    ])
      expect(maskPasswords(given)).toBe(given);
  });

  it("are looked for in time in proportion to the text", () => {
    const long = "a:/b:".repeat(400_000);
    expect(maskPasswords(long)).toBe(long);
    const slashed = `${"a:/b/".repeat(400_000)}@`;
    expect(maskPasswords(slashed)).toBe(slashed);
  });
});
