import { RecordingError } from "@playhead/recording";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { Client } from "./pg-client.ts";
import { postgresError } from "./postgres-error.ts";
import type { PostgresAddress } from "./postgres-url.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;

export type Row = Readonly<Record<string, unknown>>;

/** What the types of `pg` leave out. */
interface ClientInside {
  readonly connection: { readonly stream: NodeJS.EventEmitter & { destroy(): void } };
}

/** One connection to a server, for one thing at a time. Throws RecordingErrors; `unreachable` where the connection is lost. */
export class Connection {
  readonly #client: pg.Client;
  readonly #where: string;
  #usable = true;

  private constructor(client: pg.Client, where: string) {
    this.#client = client;
    this.#where = where;
    // What a statement is told too, or happens between two of them.
    client.on("error", () => {
      this.#usable = false;
    });
    client.on("end", () => {
      this.#usable = false;
    });
  }

  static async open({ connectionString, shown }: PostgresAddress): Promise<Connection> {
    const client = makeClient(connectionString, shown);
    const connection = new Connection(client, shown);
    try {
      await client.connect();
      return connection;
    } catch (cause) {
      connection.destroy();
      throw postgresError(cause, shown, "a PostgreSQL server that answers");
    }
  }

  /** Whether nothing is known that is wrong with it. */
  get isUsable(): boolean {
    return this.#usable;
  }

  async query(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#result(text, values)).rows as Row[];
  }

  /** How many rows a statement changed. */
  async change(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#result(text, values)).rowCount ?? 0;
  }

  /** Does all of it or nothing. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query("BEGIN");
    try {
      const result = await work();
      await this.query("COMMIT");
      return result;
    } catch (error) {
      // What failed is told; where the connection is lost, the server rolls back.
      await this.query("ROLLBACK").catch(() => this.destroy());
      throw error;
    }
  }

  /** The bytes of `COPY … TO STDOUT`, as they come. Left early, or aborted, the connection is given up. */
  async *copyOut(text: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    signal?.throwIfAborted();
    const stream = this.#client.query(copyTo(text));
    const abort = (): void => {
      this.destroy();
      stream.destroy(new Error("aborted"));
    };
    signal?.addEventListener("abort", abort, { once: true });
    let ended = false;
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
      ended = true;
    } catch (cause) {
      signal?.throwIfAborted();
      throw postgresError(cause, this.#where, "rows");
    } finally {
      signal?.removeEventListener("abort", abort);
      if (!ended) this.destroy();
    }
  }

  /** Sends what `COPY … FROM STDIN` reads. The chunks may be used again when it resolves. */
  async copyIn(text: string, chunks: readonly Uint8Array[]): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const stream = this.#client.query(copyFrom(text));
        stream.once("error", reject);
        stream.once("finish", resolve);
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
      });
    } catch (cause) {
      throw postgresError(cause, this.#where, "that rows can be written", "write-failed");
    }
  }

  async close(): Promise<void> {
    if (!this.#usable) return this.destroy();
    this.#usable = false;
    await this.#client.end().catch(() => this.destroy());
  }

  /** Ends it at once, whatever it is at. */
  destroy(): void {
    this.#usable = false;
    const { stream } = (this.#client as unknown as ClientInside).connection;
    stream.removeAllListeners("readable");
    stream.destroy();
  }

  async #result(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (!this.#usable)
      throw new RecordingError("unreachable", {
        expected: "a connection",
        found: "that it is lost",
        where: this.#where,
        cause: { code: "08006" },
      });
    try {
      return await this.#client.query(text, [...values]);
    } catch (cause) {
      throw postgresError(cause, this.#where, "that the server does as it is told");
    }
  }
}

/** Errors of the address are told without their cause: it may have the password. */
function makeClient(connectionString: string, where: string): pg.Client {
  try {
    return new Client({
      connectionString,
      application_name: "playhead",
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
  } catch {
    throw new RecordingError("invalid-argument", {
      expected: "an address such as postgres://user@host:5432/database",
      found: "one that cannot be read, or names files for TLS that cannot be opened",
      where,
    });
  }
}
