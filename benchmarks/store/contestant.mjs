/** One contestant in a process of its own: its garbage is not that of others. Does what it is told, and says how long that took. */
import { contestants } from "./contestants.mjs";

const [name, paths] = process.argv.slice(2);
const contestant = contestants[name](JSON.parse(paths));

process.on("message", async ({ action, times }) => {
  try {
    process.send(times === undefined ? await once(action) : await each(action, times));
  } catch (error) {
    process.send({ error: error.stack });
  }
  if (action === "close") process.disconnect();
});

async function once(action) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await contestant[action]?.();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs, cpuMs: (user + system) / 1000, maxRssMb: process.resourceUsage().maxRSS / 1024 };
}

/** Median over the times, and the CPU time of one. */
async function each(action, times) {
  if (contestant[action] === undefined) return {};
  const walls = [];
  const cpu = process.cpuUsage();
  let result = 0;
  for (const timeUs of times) {
    const start = performance.now();
    result += await contestant[action](timeUs);
    walls.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(cpu);
  walls.sort((a, b) => a - b);
  const wallMs = walls[walls.length >> 1];
  return { result: result / times.length, wallMs, cpuMs: (user + system) / 1000 / times.length };
}
