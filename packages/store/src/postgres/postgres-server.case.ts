import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { Client } from "./pg-client.ts";

const PROGRAMS = "/usr/lib/postgresql";

/** Runs a program, and interrupts it when the standard input is closed: also when the test's process is gone. */
const WHILE_STDIN_IS_OPEN = 'exec 3<&0; "$@" & child=$!; (read -r _ <&3; kill -INT $child) & wait $child';

/** A server for tests: the one that `PLAYHEAD_TEST_POSTGRES` names, or one of the test's own. */
export interface TestServer {
  /** Such as `15.14` or `15.14 with TimescaleDB 2.28.0`. */
  readonly version: string;
  /** Makes an empty database and gives its address; with TimescaleDB where the server's own database has it. */
  database(): Promise<string>;
  /** Does something as the server's owner. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Why there is no server; undefined where there is one. With `PLAYHEAD_REQUIRE_SERVERS` set, a machine without one fails. */
export function missingServer(): string | undefined {
  if (process.env.PLAYHEAD_TEST_POSTGRES || serverPrograms() !== undefined) return undefined;
  const reason = "no PLAYHEAD_TEST_POSTGRES, and no server program under /usr/lib/postgresql";
  if (process.env.PLAYHEAD_REQUIRE_SERVERS) throw new Error(`PostgreSQL is needed here: ${reason}`);
  return reason;
}

export async function startTestServer(): Promise<TestServer> {
  const given = process.env.PLAYHEAD_TEST_POSTGRES || undefined;
  const own = given === undefined ? await startOwnServer() : undefined;
  const url = given ?? own?.url ?? "";
  const admin = await connect(url).catch(async (error: unknown) => {
    await own?.stop();
    throw error;
  });
  // Ends the test's own server, and with it this connection.
  admin.on("error", () => {});
  const query: TestServer["query"] = async (text, values = []) => (await admin.query(text, [...values])).rows;
  const [server] = await query("SELECT current_setting('server_version') AS version");
  const [extension] = await query("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'");
  const databases: string[] = [];
  return {
    version: `${server?.version}${extension === undefined ? "" : ` with TimescaleDB ${extension.extversion}`}`,
    query,
    async database() {
      const name = `playhead_test_${process.pid}_${databases.length}`;
      await query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
      databases.push(name);
      const address = withDatabase(url, name);
      if (extension !== undefined) {
        const client = await connect(address);
        await client.query("CREATE EXTENSION timescaledb");
        await client.end();
      }
      return address;
    },
    async stop() {
      for (const name of databases) await query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
      await own?.stop();
    },
  };
}

function withDatabase(url: string, name: string): string {
  return url.replace(/^([a-z]+:\/\/[^/?]*)\/[^/?]*/, `$1/${name}`);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function serverPrograms(): string | undefined {
  if (!existsSync(PROGRAMS)) return undefined;
  const versions = readdirSync(PROGRAMS).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(PROGRAMS, version, "bin"))
    .find((bin) => existsSync(join(bin, "initdb")));
}

/** A cluster in a folder of its own, on a unix socket in it; everyone who can open the socket is let in. */
async function startOwnServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const programs = serverPrograms() ?? "";
  const folder = await mkdtemp(join(tmpdir(), "playhead-pg-"));
  const owner = unprivilegedUser();
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const init = ["-D", data, "-U", "playhead", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  await finished(
    spawn(join(programs, "initdb"), init, { ...owner, cwd: folder, stdio: ["ignore", "ignore", "pipe"] }),
  );
  const settings = ["listen_addresses=", "fsync=off", "max_connections=50", "shared_buffers=64MB"];
  const server = spawn(
    "sh",
    [
      "-c",
      WHILE_STDIN_IS_OPEN,
      "sh",
      join(programs, "postgres"),
      "-D",
      data,
      "-k",
      folder,
      ...settings.flatMap((setting) => ["-c", setting]),
    ],
    { ...owner, cwd: folder, stdio: ["pipe", "ignore", "pipe"] },
  );
  const said = textOf(server);
  const ended = once(server, "exit");
  const url = `postgres://playhead@/postgres?host=${encodeURIComponent(folder)}`;
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url,
    stop: async () => {
      server.stdin?.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connect(url)).end();
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const fields = (lines.find((line) => line.startsWith("postgres:")) ?? "nobody:x:65534:65534").split(":");
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function finished(child: ChildProcess): Promise<void> {
  const said = textOf(child);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`exit code ${String(code)}: ${said()}`);
}

function textOf(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-4000);
  });
  return () => text;
}
