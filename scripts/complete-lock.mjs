// Completes package-lock.json with optional packages of other platforms. npm leaves them out when the registry that it
// sees does not have them, and `npm ci` then refuses the lock file everywhere. Run it after `npm install`.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));

const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "aix",
];
const PROCESSORS = [
  "arm64",
  "x64",
  "ia32",
  "arm",
  "riscv64",
  "ppc64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

/** The platform that a package's name tells: `@x/y-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/.]/);
  const system = SYSTEMS.find((each) => words.includes(each)) ?? (name === "fsevents" ? "darwin" : undefined);
  const processor = PROCESSORS.find((each) =>
    words.some((word) => word === each || (each === "ppc64" && word === "ppc64le")),
  );
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.includes("gnu")
      ? "glibc"
      : undefined;
  return {
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
    ...(system === undefined ? {} : { os: [system] }),
  };
}

let added = 0;
for (const entry of Object.values(lock.packages))
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (key in lock.packages || !/^[~^]?\d+\.\d+\.\d+\S*$/.test(range)) continue;
    const dev = entry.dev === true ? { dev: true } : {};
    lock.packages[key] = { version: range.replace(/^[~^]/, ""), ...platformOf(name), ...dev, optional: true };
    added++;
  }
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`package-lock.json: ${added} packages of other platforms added`);
