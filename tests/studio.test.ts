import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { runJson, startPlayhead } from "./playhead.ts";
import { CHROMIUM } from "./surroundings.ts";

/** The address that the command prints. */
async function addressOf(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
    if (found !== null) return found[0];
  }
  throw new Error(`the studio did not start: ${text}`);
}

const CHROMIUM_FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

describe.skipIf(CHROMIUM === undefined)("the studio in Chromium", () => {
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  let drive: string;
  let studio: ChildProcess;
  let browser: Browser;
  let page: Page;
  let address: string;

  beforeAll(async () => {
    folder = await scratchFolder();
    drive = await makeDrive(join(folder.path, "drive.mcap"));
    studio = startPlayhead(["studio", drive, "--port", "0"]);
    address = await addressOf(studio);
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: CHROMIUM_FLAGS });
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(address);
  });

  afterAll(async () => {
    await browser?.close();
    studio?.kill("SIGTERM");
    await folder?.remove();
  });

  const timeUs = async (): Promise<number> =>
    Number(await page.locator("#time").getAttribute("data-time-us"));
  const state = async (): Promise<string | null> => await page.locator("#state").textContent();
  /** The source of a panel's picture: it changes when the picture does. */
  const pictureOf = async (view: string): Promise<string | null> =>
    await page.locator(`figure[data-view="${view}"] img`).getAttribute("src");
  const bird = "view:visualizer/birds-eye";
  const camera = "view:visualizer/camera";

  it("shows the recording, its sensors and the components", async () => {
    await expect.poll(() => page.title()).toContain("drive.mcap");
    await expect.poll(() => page.locator("#sensors li").count()).toBeGreaterThanOrEqual(7);
    await expect.poll(() => page.locator("#units tbody tr").count()).toBe(5);
    await expect.poll(state).toBe("paused");
    await expect.poll(() => pictureOf(bird)).toMatch(/^blob:/);
  });

  it("says how the components are, where they are not well", async () => {
    const page = await browser.newPage();
    const [degraded, reason] = ["degraded", "no <b>camera</b> for 2 s"];
    await page.route("**/scripts/connection.js", async (route) => {
      const body = `export const send = async () => ({ ok: true });
        export const fetchRecording = async () => ({ name: "x", startUs: 0, endUs: 1, sensors: [] });
        export const followFrames = (show) => show({ index: 0, views: [], cameras: [],
          status: { state: "paused", timeUs: 0, startUs: 0, endUs: 1, speed: 1, loop: "off", achievedSpeed: 0, runHash: "" },
          units: [{ name: "a", steps: 1, meanMs: 1, health: "ok", healthReason: "" },
            { name: "b", steps: 1, meanMs: 1, health: "${degraded}", healthReason: "${reason}" }] });`;
      await route.fulfill({ body, contentType: "text/javascript" });
    });
    await page.goto(address);
    const names = page.locator("#units td:first-child");
    await expect.poll(() => names.allTextContents()).toEqual(["a", `b${degraded}: ${reason}`]);
    await page.close();
  });

  it("plays: the time and the pictures change", async () => {
    const startUs = await timeUs();
    await page.locator("#play").click();
    await expect.poll(state).toBe("playing");
    await expect.poll(timeUs).toBeGreaterThan(startUs + 300_000);
    await expect.poll(() => pictureOf(bird)).toMatch(/^blob:/);
    const [firstBird, firstCamera] = [await pictureOf(bird), await pictureOf(camera)];
    await expect.poll(() => pictureOf(bird)).not.toBe(firstBird);
    await expect.poll(() => pictureOf(camera)).not.toBe(firstCamera);
  });

  it("pauses: the time stands still", async () => {
    await page.locator("#play").click();
    await expect.poll(state).toMatch(/paused|ended/);
    const stoppedUs = await timeUs();
    await page.locator("#forward").click();
    await expect.poll(timeUs).toBeGreaterThan(stoppedUs);
    expect(await timeUs()).toBeLessThanOrEqual(stoppedUs + 33_334);
    await page.locator("#back").click();
    await expect.poll(timeUs).toBeLessThanOrEqual(stoppedUs);
  });

  it("plays and pauses by the space bar, whichever button was clicked last", async () => {
    await page.locator("#forward").click();
    await page.keyboard.press(" ");
    await expect.poll(state).toBe("playing");
    await page.keyboard.press(" ");
    await expect.poll(state).toMatch(/paused|ended/);
  });

  it("shows a speed that another program asked for", async () => {
    const ask = (speed: number): Promise<Response> =>
      fetch(`${address}api/commands`, { method: "POST", body: JSON.stringify({ type: "speed", speed }) });
    await ask(4);
    await expect.poll(() => page.locator("#speed").inputValue()).toBe("4");
    expect(await page.locator("#speed").textContent()).toContain("3×4×5×");
    await ask(1);
    await expect.poll(() => page.locator("#speed").inputValue()).toBe("1");
  });

  it("seeks by a click on the time line, and back", async () => {
    const box = await scrubberBox();
    const { startUs, endUs } = (await (await fetch(`${address}api/status`)).json()) as {
      startUs: number;
      endUs: number;
    };
    const clickAt = async (share: number): Promise<void> => {
      await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
      const wantedUs = startUs + share * (endUs - startUs);
      await expect
        .poll(async () => Math.abs((await timeUs()) - wantedUs), { timeout: 20_000 })
        .toBeLessThan(20_000);
    };
    await clickAt(0.8);
    const later = await pictureOf(bird);
    await clickAt(0.3);
    await expect.poll(() => pictureOf(bird)).not.toBe(later);
  });

  const scrubberBox = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    const box = await page.locator("#scrubber").boundingBox();
    if (box === null) throw new Error("the time line has no place on the page");
    return box;
  };
  const headShare = async (): Promise<number> =>
    Number.parseFloat(await page.locator("#head").evaluate((head) => head.style.left)) / 100;

  it("keeps the marker under the pointer while it is dragged, one seek at a time", async () => {
    const box = await scrubberBox();
    const y = box.y + box.height / 2;
    let [open, mostOpen, sent] = [0, 0, 0];
    await page.route("**/api/commands", async (route) => {
      sent++;
      mostOpen = Math.max(mostOpen, ++open);
      const response = await route.fetch();
      open--;
      await route.fulfill({ response });
    });
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.mouse.down();
    for (let share = 0.2; share < 0.9; share += 0.01) {
      await page.mouse.move(box.x + box.width * share, y);
      expect(await headShare()).toBeCloseTo(share, 2);
    }
    await page.mouse.up();
    const { startUs, endUs } = (await (await fetch(`${address}api/status`)).json()) as {
      startUs: number;
      endUs: number;
    };
    await expect.poll(async () => ((await timeUs()) - startUs) / (endUs - startUs)).toBeCloseTo(0.89, 2);
    expect(await headShare()).toBeCloseTo(0.89, 2);
    expect(mostOpen).toBe(1);
    expect(sent).toBeLessThan(70);
    await page.unroute("**/api/commands");
  });

  it("keeps the time under the pointer within the page", async () => {
    const box = await scrubberBox();
    for (const share of [0, 0.999]) {
      await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
      const told = await page.locator("#hover-time").boundingBox();
      expect(told?.x).toBeGreaterThanOrEqual(0);
      expect((told?.x ?? 0) + (told?.width ?? 0)).toBeLessThanOrEqual(1400);
    }
  });

  it("repeats a part that is dragged with Shift, the whole by the button, and nothing by the key", async () => {
    const status = async () =>
      (await (await fetch(`${address}api/status`)).json()) as {
        startUs: number;
        endUs: number;
        timeUs: number;
        loop: "off" | "all" | { fromUs: number; toUs: number };
      };
    const { startUs, endUs, timeUs: before } = await status();
    const box = await scrubberBox();
    const y = box.y + box.height / 2;
    await page.keyboard.down("Shift");
    await page.mouse.move(box.x + box.width * 0.6, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await expect.poll(async () => typeof (await status()).loop).toBe("object");
    const { loop, timeUs: after } = await status();
    expect(after).toBe(before);
    const share = (us: number) => (us - startUs) / (endUs - startUs);
    const { fromUs, toUs } = loop as { fromUs: number; toUs: number };
    expect([share(fromUs), share(toUs)]).toEqual([expect.closeTo(0.4, 2), expect.closeTo(0.6, 2)]);
    const band = page.locator("#loop-band");
    await expect.poll(async () => (await band.boundingBox())?.width ?? 0).toBeGreaterThan(box.width * 0.19);
    const pressed = () => page.locator("#loop").getAttribute("aria-pressed");
    await expect.poll(pressed).toBe("true");
    await page.locator("#loop").click();
    await expect.poll(pressed).toBe("false");
    expect(await band.isVisible()).toBe(false);
    await page.locator("#loop").click();
    await expect.poll(async () => (await status()).loop).toBe("all");
    await expect.poll(pressed).toBe("true");
    await page.keyboard.press("l");
    await expect.poll(async () => (await status()).loop).toBe("off");
    await expect.poll(pressed).toBe("false");
  });

  it("does not seek by a right click", async () => {
    const box = await scrubberBox();
    const before = await headShare();
    await page.mouse.click(box.x + box.width * 0.1, box.y + box.height / 2, { button: "right" });
    expect(await headShare()).toBe(before);
  });

  it("tells the time of the picture that it shows", async () => {
    const response = await fetch(`${address}api/${bird.replace("view:", "views/")}?t=0`);
    const shownUs = response.headers.get("x-time-us");
    await expect
      .poll(() => page.locator(`figure[data-view="${bird}"]`).getAttribute("data-time-us"))
      .toBe(shownUs);
  });

  it("gives up its stream while it cannot be seen", async () => {
    const become = (hidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    const isStream = (request: { url(): string }): boolean => request.url().endsWith("/api/frames");
    await Promise.all([page.waitForEvent("requestfailed", isStream), become(true)]);
    await Promise.all([page.waitForRequest(isStream), become(false)]);
  });

  it("fits a small window", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(width).toBeLessThanOrEqual(360);
  });

  it("obeys the keyboard", async () => {
    const beforeUs = await timeUs();
    await page.locator("body").press("ArrowRight");
    await expect.poll(timeUs).toBe(beforeUs + 100_000);
    await page.locator("body").press("Shift+ArrowLeft");
    await expect.poll(timeUs).toBe(beforeUs + 90_000);
  });

  it("comes to the run hash of the command line, viewer or not", async () => {
    const { runHash } = await runJson([drive]);
    const missing: string[] = [];
    page.on("response", (response) => void (response.status() >= 400 && missing.push(response.url())));
    await page.locator("#speed").selectOption("max");
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe("speed");
    await page.locator("body").press("Home");
    const firstCamera = page.locator('figure[data-view^="camera:"]').first();
    await expect.poll(() => firstCamera.locator("img").isVisible()).toBe(false);
    await expect.poll(() => firstCamera.locator("figcaption span").last().textContent()).toBe("");
    await page.locator("body").press(" ");
    await expect.poll(state, { timeout: 30_000 }).toBe("ended");
    await expect.poll(() => page.locator("#hash").textContent()).toBe(runHash);
    expect(missing).toEqual([]);
  });

  it("says shortly why a step at the end is refused", async () => {
    await page.locator("body").press(".");
    await expect.poll(state).toContain("the run has ended");
    expect(await page.locator("#state").getAttribute("data-state")).toBe("notice");
    await expect.poll(state).toBe("ended");
  });

  it("refuses other hosts and other origins, and bad commands", async () => {
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${address}api/commands`, { method: "POST", headers, body });
    expect((await post({ origin: "http://example.com" }, '{"type":"pause"}')).status).toBe(403);
    expect((await post({}, '{"type":"fly"}')).status).toBe(400);
    expect((await post({}, "not JSON")).status).toBe(400);
    expect((await post({}, '{"type":"speed","speed":1e9}')).status).toBe(400);
    expect((await post({}, `"${"x".repeat(100_000)}"`)).status).toBe(413);
    expect((await fetch(`${address}api/views/no/such`)).status).toBe(404);
    expect((await fetch(`${address}scripts/..%2f..%2fpackage.json`)).status).toBe(404);
  });

  it("answers a seek that another takes over from without a failure", async () => {
    const post = (command: object) =>
      fetch(`${address}api/commands`, { method: "POST", body: JSON.stringify(command) });
    const { startUs, endUs } = (await (await fetch(`${address}api/status`)).json()) as {
      startUs: number;
      endUs: number;
    };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => post({ type: "seek", timeUs: i % 2 === 0 ? endUs : startUs })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it("never loads anything from elsewhere", async () => {
    const response = await fetch(address);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});
