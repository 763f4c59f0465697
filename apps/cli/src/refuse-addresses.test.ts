import { describe, expect, it } from "vitest";
import { refuseAddress, refuseForeignAddress } from "./refuse-addresses.ts";

describe("addresses in the place of recordings", () => {
  it.each(["drive.mcap", "folder/", "postgres://host/database/drive", "postgresql://host/database/drive"])(
    "%s can be opened",
    (given) => {
      expect(() => refuseForeignAddress(given)).not.toThrow();
    },
  );

  it("are refused where nothing can be read from them, with what would do", () => {
    expect(() => refuseForeignAddress("https://host/drive.mcap")).toThrow(
      "https://host/drive.mcap: expected a file, a folder or postgres://user@host/database/recording, found an address of https",
    );
    expect(() => refuseForeignAddress("mysql://me:a@b:secret@host/x")).toThrow(/^mysql:\/\/\*\*\*@host\/x: /);
  });

  it("are refused by commands that read files, without a password that may stand in them", () => {
    expect(() => refuseAddress("drive.mcap")).not.toThrow();
    expect(() => refuseAddress("postgres://me:secret@host/database/drive")).toThrow(
      /^expected a file or folder, found an address: `playhead export`/,
    );
  });
});
