import { close, open, write } from "node:fs";
import { promisify } from "node:util";

const asyncFs = { close: promisify(close), open: promisify(open), write: promisify(write) };

/** Appends chunks of lines to a file, one at a time. */
export interface Appender {
  /** Resolves when the whole chunk is written. After a rejection, a call with the same chunk continues where it stopped. */
  append(chunk: Uint8Array): Promise<void>;
  /** Opens the path again before the next chunk, for log rotation. */
  reopen(): void;
  close(): Promise<void>;
}

/** Returns an appender that opens the file with the first chunk. Creates the file with mode 0600, but no directories. */
export function appendTo(path: string): Appender {
  let file: number | undefined;
  let stale = false;
  let partial: { chunk: Uint8Array; written: number } | undefined;

  const closeFile = async () => {
    const old = file;
    file = undefined;
    if (old !== undefined) await asyncFs.close(old);
  };
  /** Opens the file again, and restarts a partly written line: each line must be in one file. */
  const reopenFile = async () => {
    stale = false;
    if (partial !== undefined)
      partial.written = partial.chunk.lastIndexOf(10, Math.max(0, partial.written - 1)) + 1;
    await closeFile();
  };

  return {
    async append(chunk) {
      if (stale) await reopenFile();
      partial = { chunk, written: partial?.chunk === chunk ? partial.written : 0 };
      file ??= await asyncFs.open(path, "a", 0o600);
      while (partial.written < chunk.length) {
        const { bytesWritten } = await asyncFs.write(file, chunk, partial.written);
        partial.written += bytesWritten;
      }
      partial = undefined;
    },
    reopen() {
      stale = true;
    },
    close: closeFile,
  };
}
