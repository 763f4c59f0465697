import { WasiError } from "./errors.ts";

export type FileNode =
  | { readonly type: "file"; readonly bytes: Uint8Array }
  /** Names in the order of their UTF-16 code units. */
  | { readonly type: "directory"; readonly entries: ReadonlyMap<string, FileNode> };

type Entries = Map<string, FileNode>;

export type PathProblem = "not-permitted" | "no-entry" | "not-directory";

/** A file system in memory that never changes. Nodes are named by their path from the root: `data/table.csv`; the root is "". */
export class FileTree {
  readonly #root: FileNode & { type: "directory" };

  /** @throws WasiError `bad-file` where a path is empty, leaves the root, or lies below another file */
  constructor(files: ReadonlyMap<string, Uint8Array>) {
    const entries: Entries = new Map();
    for (const [path, bytes] of files) addFile(entries, path, bytes);
    this.#root = sorted(entries);
  }

  get isEmpty(): boolean {
    return this.#root.entries.size === 0;
  }

  node(path: string): FileNode {
    const node = this.#find(path === "" ? [] : path.split("/"));
    if (typeof node === "string") throw new Error(`Invariant: ${path} is in the file system`);
    return node;
  }

  /** The path from the root of what a guest calls `relative` at the directory `base`; WASI's error code where there is nothing. */
  resolve(base: string, relative: string): { readonly path: string } | PathProblem {
    if (relative.startsWith("/")) return "not-permitted";
    if (relative === "") return "no-entry";
    const above = base === "" ? [] : base.split("/");
    const below: string[] = [];
    const names = relative.split("/");
    for (const [index, name] of names.entries()) {
      if (name === ".." && below.length === 0) return "not-permitted";
      if (name === "..") below.pop();
      else if (name !== "" && name !== ".") below.push(name);
      const node = this.#find([...above, ...below]);
      if (typeof node === "string") return node;
      if (index < names.length - 1 && node.type === "file") return "not-directory";
    }
    return { path: [...above, ...below].join("/") };
  }

  #find(names: readonly string[]): FileNode | "no-entry" | "not-directory" {
    let node: FileNode = this.#root;
    for (const name of names) {
      if (node.type === "file") return "not-directory";
      const next = node.entries.get(name);
      if (next === undefined) return "no-entry";
      node = next;
    }
    return node;
  }
}

function addFile(root: Entries, path: string, bytes: Uint8Array): void {
  const names = path.replace(/^\/+/, "").split("/");
  const name = names.pop() ?? "";
  if ([...names, name].some((part) => part === "" || part === "." || part === ".."))
    throw new WasiError("bad-file", `expected a path such as /data/table.csv, found ${JSON.stringify(path)}`);
  let entries = root;
  for (const part of names) entries = directoryIn(entries, part, path);
  if (entries.has(name))
    throw new WasiError("bad-file", `${path}: there is a file or a directory of this name already`);
  entries.set(name, { type: "file", bytes });
}

function directoryIn(entries: Entries, name: string, path: string): Entries {
  const known = entries.get(name);
  if (known?.type === "file")
    throw new WasiError("bad-file", `${path}: expected ${name} to be a directory, found a file`);
  if (known !== undefined) return known.entries as Entries;
  const made: Entries = new Map();
  entries.set(name, { type: "directory", entries: made });
  return made;
}

function sorted(entries: ReadonlyMap<string, FileNode>): FileNode & { type: "directory" } {
  const names = [...entries.keys()].sort();
  const result: Entries = new Map();
  for (const name of names) {
    const node = entries.get(name);
    if (node !== undefined) result.set(name, node.type === "file" ? node : sorted(node.entries));
  }
  return { type: "directory", entries: result };
}
