import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { openPostgresRecording, openPostgresStore } from "./postgres-store.ts";
import { isPostgresUrl, maskPassword, parsePostgresUrl } from "./postgres-url.ts";

const SECRET = "hunter2-secret";

describe("an address", () => {
  test.each([
    ["postgres://host/drives/monday", "drives", "monday"],
    ["postgresql://me:pw@host:5433/drives/monday?sslmode=require", "drives", "monday"],
    ["POSTGRES://me@[::1]:5433/drives/a%2Fb%20%C3%A4", "drives", "a/b ä"],
    ["postgres:///drives/monday?host=/run/postgresql", "drives", "monday"],
    ["postgres://me@/my%20drives?host=%2Frun", "my drives", undefined],
    ["postgres://host/drives/", "drives", undefined],
  ])("%s names a database and a recording", (url, database, recording) => {
    expect(isPostgresUrl(url)).toBe(true);
    expect(parsePostgresUrl(url)).toMatchObject({ database, recording });
  });

  test("goes to the client without the recording", () => {
    const { connectionString, shown } = parsePostgresUrl(
      "postgres://me:p%40w@host:5433/drives/monday?sslmode=disable",
    );
    expect(connectionString).toBe("postgres://me:p%40w@host:5433/drives?sslmode=disable");
    expect(shown).toBe("postgres://me:***@host:5433/drives?sslmode=disable");
  });

  test.each([
    ["drive.mcap", false],
    ["postgres.mcap", false],
    ["mysql://host/x", false],
    ["postgres://", true],
  ])("%s: whether it is one", (text, is) => {
    expect(isPostgresUrl(text)).toBe(is);
  });

  test.each([
    ["postgres://host", "a database in the path"],
    ["postgres://host/a/b/c", "whose slashes are written as %2F"],
    ["postgres://host/a/%zz", "two hexadecimal digits"],
    ["postgres://host/a/b#c", "%23"],
    ["mysql://host/a/b", "an address such as postgres://"],
  ])("%s is refused with what is wrong with it", (url, said) => {
    expect(() => parsePostgresUrl(url)).toThrow(said);
  });
});

describe("a password", () => {
  test.each([
    [`postgres://me:${SECRET}@host/db/x`, "postgres://me:***@host/db/x"],
    [`postgres://me:a:b@${SECRET}@host/db`, "postgres://me:***@host/db"],
    [`postgres://me@corp:${SECRET}@host/db`, "postgres://me@corp:***@host/db"],
    [`postgres://:${SECRET}@host/db`, "postgres://:***@host/db"],
    [`postgres://me:${SECRET}/x@host/db`, "postgres://me:***@host/db"],
    [`postgres://host/db?user=me&password=${SECRET}&x=1`, "postgres://host/db?user=me&password=***&x=1"],
    ["postgres://me@host:5432/db", "postgres://me@host:5432/db"],
    ["C:\\drives\\a@b.mcap", "C:\\drives\\a@b.mcap"],
  ])("is masked in %s", (url, shown) => {
    expect(maskPassword(url)).toBe(shown);
  });

  test("is in no error, whatever is wrong: not in its message, its causes or its stack", async () => {
    for (const url of [
      `postgres://user:${SECRET}@127.0.0.1:1/drives/x`,
      `postgres://user:${SECRET}@127.0.0.1:99999/drives/x`,
      `postgres://user:${SECRET}@127.0.0.1:abc/drives/x`,
      `postgres://user:${SECRET}/more@127.0.0.1:1/drives/x`,
      `postgres://user:${SECRET}#more@127.0.0.1:1/drives/x`,
      `postgres://user:${SECRET}?more@127.0.0.1:1/drives/x`,
      `postgres://user:${SECRET}@127.0.0.1:1/drives/%zz`,
      `postgres://user:${SECRET}@127.0.0.1:1/drives`,
      `postgres://user:${SECRET}@127.0.0.1:1`,
      `postgres://127.0.0.1:1/drives/x?user=u&password=${SECRET}`,
      `postgres://user:${SECRET}@127.0.0.1:1/drives/x?sslmode=verify-full&sslrootcert=/no/such/file`,
      `postgres://user:${SECRET}@/drives/x?host=/no/such/folder`,
    ]) {
      const error = await openPostgresRecording(url).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: "RecordingError" });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET);
      expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(SECRET);
    }
  });

  test("is not in a store's own description", async () => {
    const store = openPostgresStore(`postgres://user:${SECRET}@127.0.0.1:1/drives`);
    expect(store.location).toBe("postgres://user:***@127.0.0.1:1/drives");
    await store.close();
  });
});
