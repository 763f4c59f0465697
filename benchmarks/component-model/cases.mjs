/**
 * What is compared. Each case gives the contestants: `playhead`, `jco`, and `plain`, the least that any host must do.
 */
import { borrowing } from "../../packages/component-model/dist/index.js";
import { assemble, coreModules, jco, playhead } from "./contestants.mjs";
import { loop } from "./measure.mjs";

/** What host functions received, so that nothing is optimized away. */
const received = { bytes: 0 };

/** An export call `(u64) → u32`. */
export async function number() {
  const bytes = await assemble("number");
  const ours = playhead(bytes).instance().run;
  const theirs = (await jco(bytes, "number")).instance().run;
  const core = new WebAssembly.Instance(coreModules(bytes)[0]).exports.run;
  const byHand = (x) => core(x) >>> 0;
  return {
    playhead: loop(() => ours(5n)),
    jco: loop(() => theirs(5n)),
    plain: loop(() => byHand(5n)),
  };
}

/** A step with two import calls: a string of 31 bytes, and 64 bytes. */
export async function step() {
  const bytes = await assemble("step");
  const host = () => ({
    log(level, message) {
      received.bytes += level + message.length;
    },
    publish(topic, payload) {
      received.bytes += topic + payload.length;
    },
  });
  const ours = playhead(bytes).instance({ "bench:guest/host": host() }).step;
  const theirs = (await jco(bytes, "step")).instance({ "bench:guest/host": host() }).step;
  const byHand = stepByHand(coreModules(bytes)[1], host());
  return {
    playhead: loop(() => ours(5n)),
    jco: loop(() => theirs(5n)),
    plain: loop(() => byHand(5n)),
  };
}

/** What one writes for a single core module, knowing that its memory does not grow. */
function stepByHand(module, { log, publish }) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let memory;
  const text = (at, length) => decoder.decode(memory.subarray(at >>> 0, (at >>> 0) + (length >>> 0)));
  const bytes = (at, length) => memory.slice(at >>> 0, (at >>> 0) + (length >>> 0));
  const { exports } = new WebAssembly.Instance(module, {
    host: {
      log: (level, at, length) => log(level >>> 0, text(at, length)),
      publish: (topic, at, length) => publish(topic >>> 0, bytes(at, length)),
    },
  });
  memory = new Uint8Array(exports.memory.buffer);
  return (nowUs) => exports.step(nowUs) >>> 0;
}

/** Bytes from the host to the guest; plain is `Uint8Array.set`. */
export async function hostToGuest(count) {
  const { ours, theirs } = await bytesGuest();
  const bytes = new Uint8Array(count).fill(63);
  const memory = filledMemory();
  return {
    playhead: loop(() => ours.take(bytes)),
    jco: loop(() => theirs.take(bytes)),
    plain: loop(() => memory.set(bytes, 65536)),
  };
}

/** Bytes as the result of an export; plain is `Uint8Array.slice`. */
export async function guestToHost(count) {
  const { ours, theirs } = await bytesGuest();
  const memory = filledMemory();
  return {
    playhead: loop(() => ours.give(count)),
    jco: loop(() => theirs.give(count)),
    plain: loop(() => memory.slice(65536, 65536 + count)),
  };
}

/** Bytes as an argument of an import; plain is `Uint8Array.slice`. */
export async function guestToImport(count) {
  const { ours, theirs } = await bytesGuest();
  const memory = filledMemory();
  return {
    playhead: loop(() => ours.push(count)),
    jco: loop(() => theirs.push(count)),
    plain: loop(() => memory.slice(65536, 65536 + count)),
  };
}

/** The same, lent for the time of the call; plain is `Uint8Array.subarray`. */
export async function guestToBorrower(count) {
  const { ours, theirs } = await bytesGuest(borrowing((bytes) => bytes.length));
  const memory = filledMemory();
  return {
    playhead: loop(() => ours.push(count)),
    jco: loop(() => theirs.push(count)),
    plain: loop(() => {
      received.bytes += memory.subarray(65536, 65536 + count).length;
    }),
  };
}

async function bytesGuest(sink = (bytes) => bytes.length) {
  const bytes = await assemble("bytes");
  const imports = { "bench:guest/host": { sink } };
  return { ours: playhead(bytes).instance(imports), theirs: (await jco(bytes, "bytes")).instance(imports) };
}

/** As large as the memories of the guests, and filled, so that it is really there. */
function filledMemory() {
  return new Uint8Array(new WebAssembly.Memory({ initial: 34 }).buffer).fill(63);
}

/** From one component to another inside a composed one; plain is a copy of as many bytes. */
async function between(name, count, bytesEach) {
  const component = await assemble("composed");
  const ours = playhead(component).instance();
  const theirs = (await jco(component, "composed")).instance();
  ours.prepare();
  theirs.prepare();
  const from = filledMemory().subarray(131072, 131072 + count * bytesEach);
  const to = filledMemory();
  return {
    playhead: loop(() => ours[name](count)),
    jco: loop(() => theirs[name](count)),
    plain: loop(() => to.set(from, 65536)),
  };
}

export const bytesBetween = (count) => between("passBytes", count, 1);
/** Records `{ x, y, z, i: f32 }`. */
export const pointsBetween = (count) => between("passPoints", count, 16);
/** ASCII. */
export const textBetween = (count) => between("passText", count, 1);

const silent = { "bench:guest/host": { log() {}, publish() {}, sink: () => 0 } };

/** Instances of what is compiled. */
export async function instantiation(name) {
  const bytes = await assemble(name);
  const ours = playhead(bytes);
  const theirs = await jco(bytes, name);
  return { playhead: loop(() => ours.instance(silent)), jco: loop(() => theirs.instance(silent)) };
}

/** From the bytes (jco: from the files that it generated before) to an instance. */
export async function loading(name) {
  const bytes = await assemble(name);
  const ours = playhead(bytes);
  const theirs = await jco(bytes, name);
  const load = async (times) => {
    for (let i = 0; i < times; i++) await theirs.load(silent);
  };
  return { playhead: loop(() => ours.load(silent)), jco: load };
}

/** From the bytes to an instance, where jco has yet to generate its files. */
export async function loadingAnew(name) {
  const bytes = await assemble(name);
  const ours = playhead(bytes);
  const transpileAndLoad = async (times) => {
    for (let i = 0; i < times; i++) await (await jco(bytes, name)).load(silent);
  };
  return { playhead: loop(() => ours.load(silent)), jco: transpileAndLoad };
}
