import { open, readFile, rm } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";

/** Held by the one writer of a recording: a file beside it with the number of the writer's process. */
export class FileLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws a RecordingError `conflict` where a living process holds it. One that a dead process has left is taken over. */
  static async take(recording: string): Promise<FileLock> {
    const path = `${recording}.lock`;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const handle = await open(path, "wx");
        await handle.writeFile(`${process.pid}`);
        await handle.close();
        return new FileLock(path);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
        const holder = await readFile(path, "utf8").catch(() => "");
        if (attempt > 0 || isAlive(Number(holder))) throw held(recording, holder);
        await rm(path, { force: true });
      }
    }
    throw held(recording, "another process");
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

/** A number that cannot be read is that of a process that is about to write it. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

function held(recording: string, holder: string): RecordingError {
  return new RecordingError("conflict", {
    expected: "no other writer",
    found: `process ${holder}, as ${recording}.lock says`,
    where: recording,
  });
}
