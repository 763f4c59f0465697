/**
 * Times several ways to do the same, in turns, so that whatever else the machine does falls on all of them alike.
 */

/** Long enough for the clock, short enough to be interrupted rarely. */
const TURN_MS = 1;
const WARM_UP_MS = 400;
const ROUNDS = 101;
/** Work of which one time takes this long is done in few rounds. */
const LONG_MS = 5;
const FEW_ROUNDS = 15;

/**
 * @param {{ [name: string]: (times: number) => unknown }} contestants Each does its work `times` times, or promises to.
 * @returns {{ [name: string]: { ns: number, of: (other: string) => number } }} The median time of one piece of work, and the
 *   median, over the rounds, of how many times as long the other contestant takes.
 */
export async function measure(contestants) {
  const names = Object.keys(contestants);
  const times = {};
  let few = false;
  for (const name of names) {
    const ns = await warmUp(contestants[name]);
    few ||= ns > LONG_MS * 1e6;
    times[name] = Math.max(1, Math.round((TURN_MS * 1e6) / ns));
  }
  const rounds = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < (few ? FEW_ROUNDS : ROUNDS); round++) {
    for (const name of names) rounds[name].push(await nsPerTime(contestants[name], times[name]));
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        ns: median(rounds[name]),
        of: (other) => median(rounds[other].map((ns, round) => ns / rounds[name][round])),
      },
    ]),
  );
}

let loops = 0;

/** A loop of its own for each call, so that the engine learns nothing from one contestant about another. */
export function loop(call) {
  const text = `return (times) => { for (let i = 0; i < times; i++) call(); }; // ${loops++}`;
  return new Function("call", text)(call);
}

/** Works for a while and gives the time of one piece of work. */
async function warmUp(work) {
  let times = 1;
  let ns = await nsPerTime(work, times);
  const until = performance.now() + WARM_UP_MS;
  while (performance.now() < until) {
    times = Math.max(1, Math.min(times * 4, Math.ceil((TURN_MS * 1e6) / ns)));
    ns = await nsPerTime(work, times);
  }
  return ns;
}

async function nsPerTime(work, times) {
  const start = process.hrtime.bigint();
  const promise = work(times);
  if (promise instanceof Promise) await promise;
  return Math.max(1, Number(process.hrtime.bigint() - start)) / times;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
