import type { Command, FrameMessage, RecordingInfo } from "./messages.ts";

/** Sends a command; the answer's reason, if it was refused. */
export async function send(command: Command): Promise<string | undefined> {
  const response = await fetch("/api/commands", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(command),
  });
  const answer = (await response.json()) as { ok: boolean; reason?: string; code?: string };
  return answer.ok || answer.code === "superseded" ? undefined : answer.reason;
}

export async function fetchRecording(): Promise<RecordingInfo> {
  return (await (await fetch("/api/recording")).json()) as RecordingInfo;
}

/** Calls back with every frame; the browser connects again by itself when the stream breaks. */
export function followFrames(
  onFrame: (frame: FrameMessage) => void,
  onConnected: (connected: boolean) => void,
): void {
  const source = new EventSource("/api/frames");
  source.addEventListener("frame", (event) =>
    onFrame(JSON.parse((event as MessageEvent<string>).data) as FrameMessage),
  );
  source.addEventListener("open", () => onConnected(true));
  source.addEventListener("error", () => onConnected(false));
}
