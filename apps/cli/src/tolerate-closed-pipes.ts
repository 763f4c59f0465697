import { failureOf, OutputError } from "./failure.ts";

/** A reader that has seen enough, such as `head`, is no failure; anything else that keeps text from being written is. */
export function tolerateClosedPipes(): void {
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      const failure = failureOf(new OutputError(name, error));
      process.exitCode = failure.exitCode;
      if (stream === process.stdout) process.stderr.write(`playhead: ${failure.message}\n`);
    });
}
