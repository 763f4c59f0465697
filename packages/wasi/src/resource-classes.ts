import { withState } from "@playhead/component-model";
import { Descriptor, DirectoryEntryStream } from "./filesystem.ts";
import type { Guest } from "./guest.ts";
import { Pollable } from "./poll.ts";
import { InputStream, OutputStream } from "./streams.ts";
import { TerminalOutput } from "./terminal.ts";

export interface ResourceClasses {
  readonly pollable: typeof Pollable;
  readonly inputStream: typeof InputStream;
  readonly outputStream: typeof OutputStream;
  readonly terminalOutput: typeof TerminalOutput;
  readonly descriptor: typeof Descriptor;
  readonly directoryEntryStream: typeof DirectoryEntryStream;
}

export type ResourceKind = keyof ResourceClasses;

export type ResourceState<K extends ResourceKind> = ReturnType<InstanceType<ResourceClasses[K]>["saved"]>;

/** An open resource in a snapshot of the component that holds a handle to it. */
interface SavedResource<K extends ResourceKind> {
  readonly guest: string;
  readonly state: ResourceState<K>;
}

/** Classes of one virtual WASI: snapshots bring their objects back to its guests. */
export function resourceClasses(guestNamed: (name: string) => Guest): ResourceClasses {
  const classes: ResourceClasses = {
    pollable: class extends Pollable {},
    inputStream: class extends InputStream {},
    outputStream: class extends OutputStream {},
    terminalOutput: class extends TerminalOutput {},
    descriptor: class extends Descriptor {},
    directoryEntryStream: class extends DirectoryEntryStream {},
  };
  for (const kind of Object.keys(classes) as ResourceKind[]) makeSaveable(kind, classes[kind], guestNamed);
  return classes;
}

function makeSaveable<K extends ResourceKind>(
  kind: K,
  resourceClass: abstract new (...args: never[]) => InstanceType<ResourceClasses[K]>,
  guestNamed: (name: string) => Guest,
): void {
  withState(resourceClass, {
    save: (resource): SavedResource<K> => ({
      guest: resource.guest.name,
      state: resource.saved() as ResourceState<K>,
    }),
    restore: ({ guest, state }) => guestNamed(guest).reopen(kind, { ...state }),
  });
}
