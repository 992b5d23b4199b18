import { fstatSync, readSync } from "node:fs";

/** Reads a file, pipe or device. Returns null if it has more than `limit` bytes. */
export function readDescriptor(descriptor: number, limit: number): Buffer | null {
  const { size } = fstatSync(descriptor);
  if (size > limit) return null;
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    // Allocate one byte more than the file size, so that the next read detects the end.
    const chunk = Buffer.allocUnsafe(total < size ? size - total + 1 : 64 * 1024);
    const length = readChunk(descriptor, chunk);
    if (length === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (total > limit) return null;
  }
}

function readChunk(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // End of a pipe on Windows
      if (code !== "EAGAIN") throw error;
      // Non-blocking standard input without data: wait 10 ms.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
