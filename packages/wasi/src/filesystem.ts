import { ComponentError } from "@playhead/component-model";
import type { FileNode, PathProblem } from "./file-tree.ts";
import type { Guests } from "./guests.ts";
import { Resource } from "./resource.ts";
import type { InputStream } from "./streams.ts";

type ErrorCode = PathProblem | "read-only" | "bad-descriptor" | "is-directory" | "invalid";

interface OpenFlags {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}

interface DescriptorFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly mutateDirectory?: boolean;
}

function fail(code: ErrorCode): never {
  throw new ComponentError(code);
}

function readOnly(): never {
  fail("read-only");
}

/** An open file or directory, by its path from the root, to be read only. */
export class Descriptor extends Resource<{ readonly path: string }> {
  readViaStream(offset: bigint): InputStream {
    this.#file();
    return this.guest.open("inputStream", { file: this.state.path, offset: Number(offset) });
  }

  read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const bytes = this.#file();
    const end = offset + length;
    return [bytes.slice(Number(offset), Number(end)), end >= bytes.length];
  }

  readDirectory(): DirectoryEntryStream {
    if (this.#node.type === "file") fail("not-directory");
    return this.guest.open("directoryEntryStream", { path: this.state.path, next: 0 });
  }

  openAt(_how: unknown, path: string, open: OpenFlags, flags: DescriptorFlags): Descriptor {
    if (open.create || open.truncate || flags.write || flags.mutateDirectory) readOnly();
    const found = this.#at(path);
    if (open.exclusive) fail("invalid");
    if (open.directory && this.guest.files.node(found).type === "file") fail("not-directory");
    return this.guest.open("descriptor", { path: found });
  }

  getFlags(): object {
    return { read: true };
  }

  getType(): string {
    return typeName(this.#node);
  }

  stat(): object {
    return stat(this.#node);
  }

  statAt(_how: unknown, path: string): object {
    return stat(this.guest.files.node(this.#at(path)));
  }

  metadataHash(): object {
    return metadataHash(this.state.path);
  }

  metadataHashAt(_how: unknown, path: string): object {
    return metadataHash(this.#at(path));
  }

  isSameObject(other: Descriptor): boolean {
    return other.guest === this.guest && other.state.path === this.state.path;
  }

  readlinkAt(path: string): never {
    this.#at(path);
    fail("invalid");
  }

  advise(): void {}

  sync(): void {}

  syncData(): void {}

  write(): never {
    fail("bad-descriptor");
  }

  writeViaStream(): never {
    fail("bad-descriptor");
  }

  appendViaStream(): never {
    fail("bad-descriptor");
  }

  setSize(): never {
    fail("bad-descriptor");
  }

  setTimes(): never {
    readOnly();
  }

  setTimesAt(): never {
    readOnly();
  }

  createDirectoryAt(): never {
    readOnly();
  }

  removeDirectoryAt(): never {
    readOnly();
  }

  linkAt(): never {
    readOnly();
  }

  symlinkAt(): never {
    readOnly();
  }

  renameAt(): never {
    readOnly();
  }

  unlinkFileAt(): never {
    readOnly();
  }

  get #node(): FileNode {
    return this.guest.files.node(this.state.path);
  }

  #file(): Uint8Array {
    const node = this.#node;
    return node.type === "file" ? node.bytes : fail("is-directory");
  }

  #at(path: string): string {
    if (this.#node.type === "file") fail("not-directory");
    const found = this.guest.files.resolve(this.state.path, path);
    return typeof found === "string" ? fail(found) : found.path;
  }
}

/** `next` counts the entries that were told. */
interface ListingState {
  readonly path: string;
  next: number;
}

/** Tells the entries of a directory in the order of their names. */
export class DirectoryEntryStream extends Resource<ListingState> {
  readDirectoryEntry(): object | undefined {
    const { state } = this;
    const node = this.guest.files.node(state.path);
    const entry = node.type === "directory" ? [...node.entries][state.next] : undefined;
    if (entry === undefined) return undefined;
    state.next++;
    return { type: typeName(entry[1]), name: entry[0] };
  }
}

function typeName(node: FileNode): string {
  return node.type === "file" ? "regular-file" : "directory";
}

function stat(node: FileNode): object {
  return {
    type: typeName(node),
    linkCount: 1n,
    size: BigInt(node.type === "file" ? node.bytes.length : 0),
    dataAccessTimestamp: undefined,
    dataModificationTimestamp: undefined,
    statusChangeTimestamp: undefined,
  };
}

const FNV_PRIME = 0x100000001b3n;

/** FNV-1a of the path, which is all that tells one of these files from another. */
function metadataHash(path: string): object {
  const hash = (offset: bigint): bigint =>
    new TextEncoder()
      .encode(path)
      .reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * FNV_PRIME), offset);
  return { lower: hash(0xcbf29ce484222325n), upper: hash(0x6c62272e07bb0142n) };
}

export function filesystemImports({ classes }: Guests): Record<string, unknown> {
  return {
    Descriptor: classes.descriptor,
    DirectoryEntryStream: classes.directoryEntryStream,
    filesystemErrorCode: () => undefined,
  };
}

export function preopenImports(guests: Guests): Record<string, unknown> {
  return {
    getDirectories: guests.serve((guest): [Descriptor, string][] =>
      guest.files.isEmpty ? [] : [[guest.open("descriptor", { path: "" }), "/"]],
    ),
  };
}
