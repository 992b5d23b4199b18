import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** How long a named pipe may have no writer, in milliseconds. */
const WRITER_TIMEOUT = 5000;

/** A file that changed while it was read, or a named pipe that no program writes to. */
export class ReadError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Reads the file at a path. Returns null if it has more than `limit` bytes. Throws a ReadError or a system error. */
export function readFileAt(path: string, limit: number): Buffer | null {
  // Without O_NONBLOCK, opening a named pipe waits forever for a writer. Windows does not have the flag.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return readDescriptor(descriptor, limit, WRITER_TIMEOUT);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a file, pipe or device. Returns null if it has more than `limit` bytes. `writerTimeout`: how long to wait for the
 * writer of a pipe.
 */
export function readDescriptor(descriptor: number, limit: number, writerTimeout = 0): Buffer | null {
  const before = fstatSync(descriptor);
  const { size } = before;
  if (size > limit) return null;
  const chunks: Buffer[] = [];
  let total = 0;
  let waited = before.isFIFO() ? 0 : writerTimeout;
  for (;;) {
    // Allocate one byte more than the file size, so that the next read detects the end.
    const chunk = Buffer.allocUnsafe(total < size ? size - total + 1 : 64 * 1024);
    const length = readChunk(descriptor, chunk);
    if (length === 0 && total === 0 && waited < writerTimeout) {
      pause();
      waited += PAUSE;
      if (waited >= writerTimeout)
        throw new ReadError(
          "No program writes to this pipe.",
          "Name a file, or start the program that writes.",
        );
      continue;
    }
    if (length === 0) {
      if (hasChanged(before, fstatSync(descriptor)))
        throw new ReadError(
          "The file changed while Keywarden read it.",
          "Run Keywarden again when no program writes to the file.",
        );
      return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
    }
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (total > limit) return null;
  }
}

const hasChanged = (before: Stats, after: Stats): boolean =>
  before.isFile() && (before.size !== after.size || before.mtimeMs !== after.mtimeMs);

function readChunk(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // End of a pipe on Windows
      if (code !== "EAGAIN") throw error;
      // The writer of a pipe, or non-blocking standard input, has no data yet.
      pause();
    }
  }
}

const PAUSE = 10;

/** Waits 10 ms. */
const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
