import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { makeFolders } from "@playhead/store";
import { SimulationError } from "../errors.ts";
import type { KeeperCommand, KeeperThreadOptions } from "./keeper/keeper-thread.ts";

const MIB = 1024 ** 2;

export interface VaultOptions {
  /**
   * Where checkpoints stay, so that the run can be gone on with and moved about in at once when it is opened again. Those of another run
   * (other components, configuration, recording or range) are replaced. Without, they go when the vault is closed.
   */
  readonly folder?: string | undefined;
  /** What checkpoints may take in memory, bytes; 256 MiB without. */
  readonly ramBytes?: number | undefined;
  /** What they may take on disk, bytes; 4 GiB without. 0: memory only. */
  readonly diskBytes?: number | undefined;
}

/** The checkpoints of a run, kept by a thread of their own, so that nothing is lost with the thread that simulates. */
export interface Vault {
  /**
   * The way to the checkpoints, for `SimulationOptions.vault`; can be sent to another thread. What was connected before is cut
   * off, once everything that it sent has been taken in.
   */
  connect(): MessagePort;
  /** Writes down what is to stay. Rejects where the thread failed. */
  close(): Promise<void>;
}

/**
 * Opens the checkpoints of a run.
 * @throws SimulationError `state-folder` where the folder is of something else, or used by another process
 */
export function openVault({
  folder,
  ramBytes = 256 * MIB,
  diskBytes = 4096 * MIB,
}: VaultOptions = {}): Vault {
  const place = diskBytes === 0 ? nowhere : folder === undefined ? temporaryFolder() : lockedFolder(folder);
  const workerData: KeeperThreadOptions = {
    ramBytes,
    diskBytes,
    segmentBytes: Math.min(16 * MIB, diskBytes / 32),
    writesAll: folder !== undefined,
    folder: place.path,
  };
  const worker = new Worker(threadModule(), { workerData, execArgv: [], name: "checkpoints" });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
  ended.catch(() => {});
  worker.unref();
  const send = (command: KeeperCommand, ports: MessagePort[] = []): void =>
    worker.postMessage(command, ports);
  let closed: Promise<void> | undefined;
  return {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      send({ type: "connect", port: port1 }, [port1]);
      return port2;
    },
    close: () => {
      if (closed === undefined) {
        worker.ref();
        send({ type: "close" });
        closed = ended.finally(place.leave);
      }
      return closed;
    },
  };
}

/** The built module, also where sources are run. */
function threadModule(): string {
  return createRequire(import.meta.url).resolve("@playhead/simulator/keeper-thread");
}

interface Place {
  readonly path: string;
  leave(): void;
}

const nowhere: Place = { path: "", leave: () => {} };

function temporaryFolder(): Place {
  const path = mkdtempSync(join(tmpdir(), "playhead-checkpoints-"));
  return { path, leave: () => rmSync(path, { recursive: true, force: true }) };
}

const LOCK = "in-use";

function lockedFolder(folder: string): Place {
  try {
    makeFolders(folder);
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SimulationError(
      "output-failed",
      `${folder}: expected a folder that can be written, found ${found}`,
      { cause },
    );
  }
  const names = readdirSync(folder);
  const strange = names.find((name) => !/^(checkpoints\.log|pages-\d+\.bin|in-use|faults)$/.test(name));
  if (strange !== undefined && !names.includes("checkpoints.log"))
    throw new SimulationError(
      "state-folder",
      `${folder}: expected an empty folder, or one with checkpoints, found ${strange}`,
    );
  const lock = join(folder, LOCK);
  const owner = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner))
    throw new SimulationError(
      "state-folder",
      `${folder}: expected no other run here, found that of process ${owner}`,
    );
  writeFileSync(lock, `${process.pid}`);
  return { path: folder, leave: () => rmSync(lock, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
