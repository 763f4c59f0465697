import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { KeeperReply, KeeperRequest } from "../messages.ts";
import { transferable } from "../port-link.ts";
import { CheckpointDisk } from "./checkpoint-disk.ts";
import { nodeFiles } from "./files.ts";
import { Keeper } from "./keeper.ts";

/** How the keeper of the thread is made: plain data. */
export interface KeeperThreadOptions {
  readonly ramBytes: number;
  readonly diskBytes: number;
  readonly segmentBytes: number;
  readonly writesAll: boolean;
  /** Empty: in memory only. */
  readonly folder: string;
}

/** From the thread that made it. */
export type KeeperCommand =
  | { readonly type: "connect"; readonly port: MessagePort }
  | { readonly type: "close" };

const { folder, segmentBytes, ...options } = workerData as KeeperThreadOptions;
const keeper = new Keeper({
  ...options,
  openDisk:
    folder === ""
      ? undefined
      : (key, pages) => new CheckpointDisk(folder, key, segmentBytes, nodeFiles, pages),
});
let current: MessagePort | undefined;
let working = false;

/** Goes on with what can wait whenever no message waits. */
function work(): void {
  if (working) return;
  working = true;
  setImmediate(() => {
    working = false;
    if (keeper.work()) work();
  });
}

function handle(request: KeeperRequest): void {
  keeper.handle(request);
  work();
}

/** What the simulation before still sent is taken in: it may have been ended from outside. */
function disconnect(): void {
  if (current === undefined) return;
  for (let next = receiveMessageOnPort(current); next !== undefined; next = receiveMessageOnPort(current))
    handle(next.message as KeeperRequest);
  current.close();
  current = undefined;
}

function connect(port: MessagePort): void {
  disconnect();
  current = port;
  keeper.connect((reply: KeeperReply) => {
    const state = reply.type === "loaded" ? reply.state : undefined;
    port.postMessage(reply, state === undefined ? [] : transferable(state));
  });
  port.on("message", handle);
}

parentPort?.on("message", (command: KeeperCommand) => {
  if (command.type === "connect") connect(command.port);
  else {
    disconnect();
    keeper.close();
    parentPort?.close();
  }
});
