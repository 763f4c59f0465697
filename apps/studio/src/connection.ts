import type { Command, FrameMessage, RecordingInfo } from "./messages.ts";

/** What came of a command. A seek that another took over from has not landed, and that is no refusal. */
export interface Answer {
  readonly ok: boolean;
  readonly refused?: string | undefined;
}

/** Sends a command. Never rejects. */
export async function send(command: Command): Promise<Answer> {
  try {
    const response = await fetch("/api/commands", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(command),
    });
    const answer = (await response.json()) as { ok: boolean; reason?: string; code?: string };
    return { ok: answer.ok, refused: answer.code === "superseded" ? undefined : answer.reason };
  } catch {
    return { ok: false, refused: "not connected" };
  }
}

export async function fetchRecording(): Promise<RecordingInfo> {
  return (await (await fetch("/api/recording")).json()) as RecordingInfo;
}

/**
 * Calls back with every frame while the page can be seen: a browser keeps few connections to one server, and those of hidden pages would
 * hold up the others. The browser connects again by itself when the stream breaks.
 */
export function followFrames(
  onFrame: (frame: FrameMessage) => void,
  onConnected: (connected: boolean) => void,
): void {
  let source: EventSource | undefined;
  const follow = (): void => {
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else source ??= openFrames(onFrame, onConnected);
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

function openFrames(
  onFrame: (frame: FrameMessage) => void,
  onConnected: (connected: boolean) => void,
): EventSource {
  const source = new EventSource("/api/frames");
  source.addEventListener("frame", (event) =>
    onFrame(JSON.parse((event as MessageEvent<string>).data) as FrameMessage),
  );
  source.addEventListener("open", () => onConnected(true));
  source.addEventListener("error", () => onConnected(false));
  return source;
}
