import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { RecordingError } from "@playhead/recording";
import type { FileBytes } from "./file-bytes.ts";
import type { ReadSegment, SegmentReader, SegmentRequest } from "./segment-reader.ts";

export interface SegmentWorkerData {
  /** Of the file: threads of a process share them. */
  readonly fd: number;
  readonly maxChunkBytes: number;
}

export interface SegmentOrder {
  readonly id: number;
  readonly request: SegmentRequest;
  /** To read into; a new one where it is too small. */
  readonly room: ArrayBuffer;
}

export type SegmentAnswer =
  | { readonly id: number; readonly packed: ReadSegment }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | undefined } };

interface Waiting {
  resolve(packed: ReadSegment): void;
  reject(cause: Error): void;
}

/**
 * Reads in a thread of its own: there bytes are read, decompressed, checked and indexed, and their buffers are handed over. The thread starts with the first
 * segment, and does not keep the process alive.
 */
export class WorkerSegments implements SegmentReader {
  readonly credits = { calls: 4, bytes: 4 * 1024 * 1024, togetherBytes: 0 };
  readonly #file: FileBytes;
  readonly #maxChunkBytes: number;
  readonly #module: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 0;
  #isClosed = false;

  private constructor(file: FileBytes, maxChunkBytes: number, module: string) {
    this.#file = file;
    this.#maxChunkBytes = maxChunkBytes;
    this.#module = module;
  }

  /** Undefined where the worker's module is not built. */
  static create(file: FileBytes, maxChunkBytes: number): WorkerSegments | undefined {
    const module = findWorker();
    return module === undefined ? undefined : new WorkerSegments(file, maxChunkBytes, module);
  }

  read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw this.#closed();
      this.#file.checkRange(request.offset, request.length);
      this.#worker ??= this.#start();
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      // All buffers are made by one thread: the memory of each thread is kept apart from that of others, and what two have freed is held twice.
      const buffer = room ?? new ArrayBuffer(request.length);
      const order: SegmentOrder = { id, request, room: buffer };
      this.#worker.postMessage(order, [buffer]);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    this.#failAll(this.#closed());
  }

  #start(): Worker {
    const workerData: SegmentWorkerData = { fd: this.#file.fd, maxChunkBytes: this.#maxChunkBytes };
    const worker = new Worker(pathToFileURL(this.#module), { workerData, execArgv: [] });
    worker.on("message", (answer: SegmentAnswer) => this.#take(answer, worker));
    worker.on("error", (cause) => this.#fail(cause));
    worker.on("exit", () => this.#fail(new Error("the thread that reads has ended")));
    return worker;
  }

  #take(answer: SegmentAnswer, worker: Worker): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
    if ("packed" in answer) waiting?.resolve(answer.packed);
    else waiting?.reject(Object.assign(new Error(answer.error.message), withCode(answer.error.code)));
  }

  #fail(cause: Error): void {
    this.#worker = undefined;
    if (this.#isClosed) return;
    this.#failAll(
      new RecordingError("unreadable", {
        expected: "a thread that reads",
        found: cause.message,
        where: this.#file.path,
        cause,
      }),
    );
  }

  #failAll(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #closed(): RecordingError {
    return new RecordingError("closed", {
      expected: "an open recording",
      found: "a closed one",
      where: this.#file.path,
    });
  }
}

function withCode(code: string | undefined): { code?: string } {
  return code === undefined ? {} : { code };
}

/** The worker is always the built one: a thread cannot run the sources. */
function findWorker(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("@playhead/store/worker");
  } catch {
    return undefined;
  }
}
