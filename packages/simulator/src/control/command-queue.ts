import type { Command, CommandResult } from "./command.ts";
import { actionOf, treatment } from "./command-rules.ts";

export interface QueuedCommand {
  readonly command: Command;
  readonly answer: (result: CommandResult) => void;
}

/** Commands that wait, in the order in which they came. */
export class CommandQueue {
  readonly #waiting: QueuedCommand[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves with what became of the command. */
  put(command: Command): Promise<CommandResult> {
    return new Promise((answer) => this.#waiting.push({ command, answer }));
  }

  take(): QueuedCommand | undefined {
    return this.#waiting.shift();
  }

  takeAll(): QueuedCommand[] {
    return this.#waiting.splice(0);
  }

  /** Whether a command waits that cuts short a seek under way, and whether that is itself a seek. */
  get cutsShort(): "seek" | "pause" | undefined {
    const first = this.#waiting.find(({ command }) => treatment(command, "seeking") === "cut-short");
    if (first === undefined) return undefined;
    return actionOf(first.command) === "seek" ? "seek" : "pause";
  }
}
