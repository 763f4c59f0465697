// The main job: makes the demo drive, replays it through the ADAS pipeline, and says where the pictures are.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const drive = join("out", "demo.mcap");
const pictures = join("out", "pictures");

function playhead(...args) {
  console.log(`\n$ npx playhead ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, [join(root, "apps/cli/bin/playhead.js"), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

mkdirSync(join(root, "out"), { recursive: true });
playhead("synth", "-o", drive);
playhead("run", drive, "--out", join("out", "demo-outputs.mcap"), "--frames", pictures);
console.log(`
The pictures: ${join(root, pictures)}
The same drive on a page: npx playhead studio ${drive}`);
