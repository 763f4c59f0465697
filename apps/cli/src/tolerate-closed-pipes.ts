import { ExitCode } from "./exit-code.ts";
import { OutputError } from "./failure.ts";
import { printable } from "./printable.ts";

/** A reader that has seen enough, such as `head`, is no failure; anything else that keeps text from being written is. */
export function tolerateClosedPipes(): void {
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      process.exitCode = ExitCode.outputFailed;
      const { message } = new OutputError(name, error);
      if (stream === process.stdout) process.stderr.write(`playhead: ${printable(message)}\n`);
    });
}
