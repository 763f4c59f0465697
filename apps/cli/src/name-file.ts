/**
 * Reads a file, and names it in what goes wrong: of a file that is open already, the file system's errors do not say which
 * it is, and what is wrong with a component is told by its bytes alone. Errors with a `file` name it themselves.
 */
export async function nameFile<T>(file: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && !("file" in error) && !error.message.includes(file)) {
      if ("syscall" in error) Object.assign(error, { path: file });
      else error.message = `${file}: ${error.message}`;
    }
    throw error;
  }
}
