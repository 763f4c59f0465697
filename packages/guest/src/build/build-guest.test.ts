import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GuestError } from "../errors.ts";
import { MANIFEST, readManifest } from "../manifest.ts";
import { buildGuest } from "./build-guest.ts";

const WIT = `package test:small@0.1.0;
interface answers { answer: func(question: string) -> u32; }
world small { import ask: func() -> u32; export answers; }
`;
const GOOD = `import { ask } from "../../generated/small/world";
export function answer(question: string): u32 { return question.length + ask(); }
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "build-"));
  mkdirSync(join(folder, "small", "src"), { recursive: true });
  mkdirSync(join(folder, "small", "wit"));
  write("wit/small.wit", WIT);
  manifest("small");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  writeFileSync(join(folder, "small", path), text);
}

function manifest(world: string): void {
  write(MANIFEST, JSON.stringify({ package: "test:small", world, wit: ["wit"] }));
}

function build(base = folder) {
  return buildGuest(readManifest(join(base, "small", MANIFEST)));
}

async function refusal(): Promise<GuestError> {
  const error = await build().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(GuestError);
  return error as GuestError;
}

describe("building a guest", () => {
  it("makes a component of the world, and the same bytes everywhere", async () => {
    write("src/answers.ts", GOOD);
    const built = await build();
    expect(built).toMatchObject({
      name: "small",
      skipped: false,
      path: join(folder, "build", "test", "small.wasm"),
    });
    const bytes = readFileSync(built.path);
    const { type } = decodeComponent(bytes);
    expect([...type.imports.keys()]).toEqual(["ask"]);
    expect([...type.exports.keys()]).toEqual(["test:small/answers@0.1.0"]);
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    cpSync(join(folder, "small"), join(elsewhere, "small"), { recursive: true });
    expect(readFileSync((await build(elsewhere)).path).equals(bytes)).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });

  it("skips what has not changed, and nothing else", async () => {
    expect((await build()).skipped).toBe(true);
    write("src/answers.ts", `${GOOD}// changed\n`);
    write("wit/more.wit", "interface more {}\n");
    expect((await build()).skipped).toBe(false);
    expect((await build()).skipped).toBe(true);
  });

  it("says file and line of a mistake, and which type is expected", async () => {
    write(
      "src/answers.ts",
      `${GOOD}\nexport const wrong: i32 = "text";\n`.replace("question: string", "question: i32"),
    );
    const error = await refusal();
    expect(error.code).toBe("compile");
    expect(error.message).toContain("answers.ts: export function answer(question: string): u32");
    expect(error.message).toContain("in small/src/answers.ts(2,");
  });

  it("refuses what no component has", async () => {
    write("src/answers.ts", GOOD.replace("ask()", "<u32>(Math.random() * 9) + ask()"));
    const error = await refusal();
    expect(error.code).toBe("bad-import");
    expect(error.message).toContain("env.seed");
  });

  it("says which file or world is missing", async () => {
    rmSync(join(folder, "small", "src", "answers.ts"));
    expect((await refusal()).message).toMatch(/small exports test:small\/answers@0\.1\.0, .*answers\.ts/);
    manifest("nowhere");
    expect(await refusal()).toMatchObject({
      code: "bad-wit",
      message: expect.stringMatching(/world nowhere/),
    });
    write("wit/more.wit", "world other { import missing; }\n");
    expect((await refusal()).message).toContain("missing");
  });
});
