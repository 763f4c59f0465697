/** What a compressed picture is, by its first bytes rather than by what a message says of its format, which writers fill as they like. */
export function pictureFormatOf(data: Uint8Array): "jpeg" | "png" | "webp" | "avif" | undefined {
  const start = Buffer.from(data.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG")) return "png";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "webp";
  return /^....ftypavi[fs]$/s.test(start) ? "avif" : undefined;
}
