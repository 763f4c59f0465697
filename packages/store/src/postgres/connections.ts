import { RecordingError } from "@playhead/recording";
import { Connection } from "./connection.ts";
import { isLostConnection } from "./postgres-error.ts";
import type { PostgresAddress } from "./postgres-url.ts";

const MAX_IDLE = 2;

/** Connections to one server: each is used by one at a time, and a few are kept for the next. */
export class Connections {
  readonly address: PostgresAddress;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  #closed = false;

  constructor(address: PostgresAddress) {
    this.address = address;
  }

  refuseClosed(): void {
    if (!this.#closed) return;
    const { shown, recording } = this.address;
    const where = recording === undefined ? shown : `${shown}, ${recording}`;
    throw new RecordingError("closed", { expected: "what is open", found: "that it was closed", where });
  }

  /** Throws a RecordingError `closed` once they are closed. */
  async take(): Promise<Connection> {
    this.refuseClosed();
    let connection = this.#idle.pop();
    while (connection !== undefined && !connection.isUsable) connection = this.#idle.pop();
    connection ??= await Connection.open(this.address);
    if (this.#closed) await connection.close();
    this.refuseClosed();
    this.#busy.add(connection);
    return connection;
  }

  /** Gives a connection back, whatever became of it. */
  async release(connection: Connection): Promise<void> {
    this.#busy.delete(connection);
    const keep = connection.isUsable && !this.#closed && this.#idle.length < MAX_IDLE;
    if (keep) this.#idle.push(connection);
    else await connection.close();
  }

  /** Lets a connection go to another owner. */
  give(connection: Connection): void {
    this.#busy.delete(connection);
  }

  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.take();
    try {
      return await work(connection);
    } finally {
      await this.release(connection);
    }
  }

  /** Does what only reads: once more where it fails on a connection that was kept, which may have been lost in the meantime. */
  async read<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const kept = this.#idle.length > 0;
    try {
      return await this.use(work);
    } catch (error) {
      if (!kept || !isLostConnection(error)) throw error;
      await this.#closeIdle();
      return this.use(work);
    }
  }

  /** Ends all of them; those that are in use at once. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.#busy) connection.destroy();
    await this.#closeIdle();
  }

  async #closeIdle(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
  }
}
