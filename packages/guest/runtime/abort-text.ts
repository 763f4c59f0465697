/** What a failed assertion, a thrown error and the like say: `file:line:column: message`. */
export function abortText(message: string | null, file: string | null, line: u32, column: u32): string {
  const place = (file == null ? "?" : file) + ":" + line.toString() + ":" + column.toString();
  return place + ": " + (message == null ? "aborted" : message);
}
