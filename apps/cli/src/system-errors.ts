import { ExitCode } from "./exit-code.ts";

/** System errors that are the input's or the machine's fault, with words for them. */
export const SYSTEM_ERRORS: Readonly<Record<string, readonly [text: string, exitCode: number]>> = {
  ENOENT: ["no such file", ExitCode.badInput],
  EISDIR: ["expected a file, found a folder", ExitCode.badInput],
  ENOTDIR: ["expected a folder, found a file", ExitCode.badInput],
  EACCES: ["not allowed to open it", ExitCode.badInput],
  EPERM: ["not allowed to open it", ExitCode.badInput],
  ENOSPC: ["no space left on the disk", ExitCode.outputFailed],
  EDQUOT: ["no space left on the disk", ExitCode.outputFailed],
  EFBIG: ["larger than files may be here", ExitCode.outputFailed],
  EROFS: ["the file system is read-only", ExitCode.outputFailed],
  EEXIST: ["expected a folder, found a file", ExitCode.outputFailed],
  ENAMETOOLONG: ["a name that is too long", ExitCode.badInput],
  ELOOP: ["links that lead to themselves", ExitCode.badInput],
  EADDRINUSE: ["the port is in use", ExitCode.usage],
};
