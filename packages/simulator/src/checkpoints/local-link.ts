import { Keeper, type KeeperOptions } from "./keeper/keeper.ts";
import type { KeeperLink, KeeperReply } from "./messages.ts";

/** A keeper in this thread: what it does holds up the run. In memory only where nothing else is said. */
export function localKeeper({
  ramBytes,
  diskBytes = 0,
  writesAll = false,
  openDisk,
}: LocalOptions): KeeperLink {
  return linkTo(new Keeper({ ramBytes, diskBytes, writesAll, openDisk }));
}

export type LocalOptions = Pick<KeeperOptions, "ramBytes"> & Partial<KeeperOptions>;

/** Messages to a keeper in this thread. Closing the link does not close the keeper. */
export function linkTo(keeper: Keeper): KeeperLink {
  let onReply: (reply: KeeperReply) => void = () => {};
  return {
    send: (request) => {
      keeper.handle(request);
      while (keeper.work());
    },
    receive: (receiver) => {
      onReply = receiver;
      keeper.connect((reply) => onReply(reply));
    },
    close: () => {
      onReply = () => {};
    },
  };
}
