import type { Connection } from "./connection.ts";

/** Of all advisory locks, those of Playhead: "PLAY". */
const LOCK_CLASS = 0x504c_4159;
/** No recording has this number. */
const MIGRATION_LOCK = 0;
const FINISHING_LOCK = -1;
/** How long a writer that was killed may hold its lock until the server notices. */
const WAIT = "1s";

/** Holds off others that change tables, to the end of the transaction. */
export async function lockMigration(connection: Connection): Promise<void> {
  await connection.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCK_CLASS, MIGRATION_LOCK]);
}

/** Makes a connection the one writer of a recording, until it ends. False where another one is. */
export async function lockRecording(connection: Connection, recordingId: number): Promise<boolean> {
  await connection.query(`SET lock_timeout = '${WAIT}'`);
  try {
    await connection.query("SELECT pg_advisory_lock($1, $2)", [LOCK_CLASS, recordingId]);
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  } finally {
    if (connection.isUsable) await connection.query("RESET lock_timeout");
  }
}

/** Whether a lock was waited for in vain. */
export function isLockTimeout(error: unknown): boolean {
  return (error as { cause?: { code?: string } }).cause?.code === "55P03";
}

export async function unlockRecording(connection: Connection, recordingId: number): Promise<void> {
  await connection.query("SELECT pg_advisory_unlock($1, $2)", [LOCK_CLASS, recordingId]);
}

/** One at a time brings shared tables up to date: the others wait, and would fail otherwise. */
export async function whileFinishing(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.query("SELECT pg_advisory_lock($1, $2)", [LOCK_CLASS, FINISHING_LOCK]);
  try {
    await work();
  } finally {
    // Where the connection is lost, the server has freed the lock.
    if (connection.isUsable)
      await connection.query("SELECT pg_advisory_unlock($1, $2)", [LOCK_CLASS, FINISHING_LOCK]);
  }
}
