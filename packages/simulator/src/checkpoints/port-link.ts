import type { MessagePort, Transferable } from "node:worker_threads";
import type { KeeperLink, KeeperReply, KeeperRequest, PackedState } from "./messages.ts";

/** The way to a keeper in another thread. The port keeps no process alive but while an answer is awaited. */
export function portLink(port: MessagePort): KeeperLink {
  let awaited = 0;
  return {
    send: (request: KeeperRequest) => {
      if (request.type !== "add" && request.type !== "remove" && awaited++ === 0) port.ref();
      port.postMessage(request, request.type === "add" ? transferable(request.state) : []);
    },
    receive: (onReply) => {
      port.on("message", (reply: KeeperReply) => {
        if (reply.type !== "changed" && --awaited === 0) port.unref();
        onReply(reply);
      });
      port.unref();
    },
    close: () => port.close(),
  };
}

/** What need not be copied when a state is sent and not used any more. */
export function transferable({ body, numbers, fresh, pages }: PackedState): Transferable[] {
  return [body, numbers, fresh, pages].map(({ buffer }) => buffer as ArrayBuffer);
}
