import {
  type ChannelDeclaration,
  GREATEST_TIME_US,
  RecordingError,
  type RecordingErrorCode,
} from "@playhead/recording";
import type { NamedMetadata, RecordedMessage } from "../recording-store.ts";

const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;
const GREATEST_TIME_NS = BigInt(GREATEST_TIME_US) * 1000n + 999n;
const GREATEST_64 = 2n ** 64n - 1n;
const GREATEST_32 = 2 ** 32 - 1;

/** Throws a RecordingError where a message is none that can be kept. */
export function checkMessage(message: RecordedMessage, where: string): void {
  const { logTimeNs, publishTimeNs, sequence = 0, data } = message;
  if (logTimeNs < 0n || logTimeNs > GREATEST_TIME_NS)
    throw refusal("invalid-argument", `a log time from 0 to ${GREATEST_TIME_NS} ns`, `${logTimeNs}`, where);
  if (publishTimeNs < 0n || publishTimeNs > GREATEST_64)
    throw refusal("invalid-argument", "a publish time of 64 bits", `${publishTimeNs}`, where);
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > GREATEST_32)
    throw refusal("invalid-argument", "a sequence of 32 bits", `${sequence}`, where);
  if (data.length > MAX_MESSAGE_BYTES)
    throw refusal("unsupported", `a message of at most ${MAX_MESSAGE_BYTES} bytes`, `${data.length}`, where);
}

/** Texts of the catalogue cannot hold the character 0; those in JSON can. */
export function checkChannel({ topic, messageEncoding, schema }: ChannelDeclaration, where: string): void {
  for (const text of [topic, messageEncoding, schema?.name ?? "", schema?.encoding ?? ""]) {
    if (text.includes("\0"))
      throw refusal(
        "unsupported",
        "a topic, encoding and schema without the character 0",
        JSON.stringify(text),
        where,
      );
  }
}

export function checkMetadata({ name }: NamedMetadata, where: string): void {
  if (name.includes("\0"))
    throw refusal("unsupported", "a name without the character 0", JSON.stringify(name), where);
}

export function refusal(
  code: RecordingErrorCode,
  expected: string,
  found: string,
  where: string,
): RecordingError {
  return new RecordingError(code, { expected, found, where });
}
