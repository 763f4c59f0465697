import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does what can be ended early. The signal is aborted when the process is asked to end (SIGINT, SIGTERM, SIGHUP); the exit code is then 128 + the
 * number of the signal. Asked a second time, the process ends at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const end = (name: NodeJS.Signals): void => {
    process.exitCode = 128 + constants.signals[name];
    abort.abort();
  };
  for (const name of SIGNALS) process.once(name, end);
  try {
    return await work(abort.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, end);
  }
}
