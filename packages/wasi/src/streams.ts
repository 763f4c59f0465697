import { ComponentError } from "@playhead/component-model";
import { WasiError } from "./errors.ts";
import type { Guests } from "./guests.ts";
import type { OutputName } from "./options.ts";
import { type Pollable, readyPollable } from "./poll.ts";
import { Resource } from "./resource.ts";

/** Bytes that one call may write, and read at most: what a stream promises when it is asked. */
const LARGEST_CALL = 65_536;
/** Bytes that WASI allows for one write that blocks. */
const LARGEST_BLOCKING_WRITE = 4096;

/** A file by its path from the root, or null for stdin. */
interface InputState {
  readonly file: string | null;
  offset: number;
}

/** Reads a file, or stdin, which is empty. It never blocks. */
export class InputStream extends Resource<InputState> {
  read(length: bigint): Uint8Array {
    const { state } = this;
    const bytes = this.#bytes();
    if (state.offset >= bytes.length) throw new ComponentError({ tag: "closed" });
    const wanted = length > LARGEST_CALL ? LARGEST_CALL : Number(length);
    const result = bytes.slice(state.offset, state.offset + wanted);
    state.offset += result.length;
    return result;
  }

  blockingRead(length: bigint): Uint8Array {
    return this.read(length);
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint {
    return this.skip(length);
  }

  subscribe(): Pollable {
    return readyPollable(this.guest);
  }

  #bytes(): Uint8Array {
    const { file } = this.state;
    const node = file === null ? undefined : this.guest.files.node(file);
    return node?.type === "file" ? node.bytes : new Uint8Array(0);
  }
}

/** Takes what a guest prints. It never blocks and is never closed. */
export class OutputStream extends Resource<{ readonly output: OutputName }> {
  checkWrite(): bigint {
    return BigInt(LARGEST_CALL);
  }

  write(bytes: Uint8Array): void {
    requireAtMost(bytes.length, LARGEST_CALL);
    this.guest.outputs[this.state.output].write(bytes);
  }

  blockingWriteAndFlush(bytes: Uint8Array): void {
    requireAtMost(bytes.length, LARGEST_BLOCKING_WRITE);
    this.write(bytes);
  }

  flush(): void {}

  blockingFlush(): void {}

  subscribe(): Pollable {
    return readyPollable(this.guest);
  }

  writeZeroes(length: bigint): void {
    requireAtMost(length, LARGEST_CALL);
    this.write(new Uint8Array(Number(length)));
  }

  blockingWriteZeroesAndFlush(length: bigint): void {
    requireAtMost(length, LARGEST_BLOCKING_WRITE);
    this.writeZeroes(length);
  }

  splice(source: InputStream, length: bigint): bigint {
    const bytes = source.read(length);
    this.write(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint {
    return this.splice(source, length);
  }
}

function requireAtMost(found: bigint | number, most: number): void {
  if (found > most)
    throw new WasiError(
      "bad-call",
      `a write to an output stream: expected at most ${most} bytes, found ${found}`,
    );
}

/** No operation of a stream can fail here, so that there is never an error to look at. */
class IoError {
  toDebugString(): string {
    return "";
  }
}

export function errorImports(): Record<string, unknown> {
  return { Error: IoError };
}

export function streamImports({ classes }: Guests): Record<string, unknown> {
  return { InputStream: classes.inputStream, OutputStream: classes.outputStream };
}
