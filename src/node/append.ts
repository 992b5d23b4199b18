import { close, open, write } from "node:fs";
import { promisify } from "node:util";

const call = { close: promisify(close), open: promisify(open), write: promisify(write) };

/** Chunks of lines to the end of a file, one after the other. */
export interface Appender {
  /** Resolves when all of it is written. After a rejection the same chunk goes on where it stopped. */
  send(chunk: Uint8Array): Promise<void>;
  /** The next chunk opens the path anew: the file was moved away. */
  reopen(): void;
  close(): Promise<void>;
}

/** The file is made where there is none, for its owner alone; its folder is not. It is opened with the first chunk. */
export function appendTo(path: string): Appender {
  let file: number | undefined;
  let stale = false;
  let torn: { chunk: Uint8Array; written: number } | undefined;

  const shut = async () => {
    const old = file;
    file = undefined;
    if (old !== undefined) await call.close(old);
  };
  /** A line goes into one file as a whole. */
  const renew = async () => {
    stale = false;
    if (torn !== undefined) torn.written = torn.chunk.lastIndexOf(10, Math.max(0, torn.written - 1)) + 1;
    await shut();
  };

  return {
    async send(chunk) {
      if (stale) await renew();
      torn = { chunk, written: torn?.chunk === chunk ? torn.written : 0 };
      file ??= await call.open(path, "a", 0o600);
      while (torn.written < chunk.length) {
        const { bytesWritten } = await call.write(file, chunk, torn.written);
        torn.written += bytesWritten;
      }
      torn = undefined;
    },
    reopen() {
      stale = true;
    },
    close: shut,
  };
}
