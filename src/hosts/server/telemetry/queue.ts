/** Destination of log lines. */
export interface LogSink {
  /** Resolves when the lines are written. After a rejection, the queue passes the same chunk again. */
  send(chunk: Uint8Array): Promise<void>;
  /** Maximum size of a chunk. A single line may exceed it. */
  maxBatchBytes: number;
  /** Time that the first line of a chunk waits for further lines. */
  lingerMs: number;
  close?(): Promise<void>;
}

export interface LogQueueOptions {
  /** Maximum size of the waiting lines. The queue drops the oldest lines beyond it. */
  maxBytes: number;
  /** Pause after the first failure. It doubles after each further failure, up to 30 seconds. */
  retryDelayMs: number;
  /** Called after each failed write. `repeated`: the write before it failed too. */
  onFailure(error: Error, repeated: boolean): void;
  onRecovery(): void;
  /** `repeated`: the queue has already dropped lines since it was last empty. */
  onDrop(lines: number, repeated: boolean): void;
}

export interface LogQueue {
  /** Adds a line, which includes its line break. Never throws or blocks. */
  push(line: string): void;
  /** Writes the remaining lines with one attempt per chunk, and drops them after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

const MAX_RETRY_DELAY_MS = 30_000;

/** Creates a queue of lines in bounded memory, so that a slow or broken sink never delays a decision. */
export function createLogQueue(
  sink: LogSink,
  { maxBytes, retryDelayMs, onFailure, onRecovery, onDrop }: LogQueueOptions,
): LogQueue {
  const lines: Buffer[] = [];
  let bytes = 0;
  let failures = 0;
  let isDropping = false;
  let closing = false;
  let running: Promise<void> | undefined;
  let wake = () => {};

  const drop = (count: number) => {
    onDrop(count, isDropping);
    isDropping = true;
  };
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Removes the lines of the next chunk from the queue, which can then no longer drop them. */
  const takeChunk = (): { chunk: Buffer; count: number } => {
    let size = lines[0]?.length ?? 0;
    let count = 1;
    for (; count < lines.length; count++) {
      const next = lines[count]?.length ?? 0;
      if (size + next > sink.maxBatchBytes) break;
      size += next;
    }
    return { chunk: Buffer.concat(lines.splice(0, count), size), count };
  };

  const run = async () => {
    if (sink.lingerMs > 0 && !closing) await sleep(sink.lingerMs);
    // Collects the lines of the current turn of the event loop in one chunk.
    else await new Promise<void>((resolve) => setImmediate(resolve));
    let sent = true;
    while (sent && lines.length > 0) {
      const { chunk, count } = takeChunk();
      sent = await deliver(chunk);
      bytes -= chunk.length;
      if (!sent) drop(count);
    }
    if (sent) isDropping = false;
    running = undefined;
  };

  /** Sends a chunk until it succeeds; only once more after the queue is closed. */
  const deliver = async (chunk: Buffer): Promise<boolean> => {
    for (;;) {
      const isLastAttempt = closing;
      try {
        await sink.send(chunk);
        if (failures > 0) onRecovery();
        failures = 0;
        return true;
      } catch (error) {
        onFailure(error instanceof Error ? error : new Error(String(error)), failures > 0);
        failures++;
        if (isLastAttempt) return false;
        if (!closing)
          await sleep(Math.min(MAX_RETRY_DELAY_MS, retryDelayMs * 2 ** (failures - 1)) * jitter());
      }
    }
  };

  return {
    push(line) {
      if (closing) return drop(1);
      const encoded = Buffer.from(line);
      lines.push(encoded);
      bytes += encoded.length;
      let excess = 0;
      while (bytes > maxBytes && excess < lines.length) bytes -= lines[excess++]?.length ?? 0;
      if (excess > 0) {
        lines.splice(0, excess);
        drop(excess);
      }
      running ??= run();
    },
    async close(deadlineMs) {
      closing = true;
      wake();
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, deadlineMs);
      });
      const finish = async () => {
        await running;
        await sink.close?.();
      };
      await Promise.race([finish(), deadline]);
      clearTimeout(timer);
      if (lines.length > 0) drop(lines.splice(0).length);
    },
  };
}

/** Returns a factor from 0.75 to 1.25, so that servers that failed together do not retry together. */
const jitter = (): number => 0.75 + Math.random() / 2;

/** Writes to a stream, one chunk at a time, so that a blocked reader costs no memory. */
export function streamSink(stream: NodeJS.WritableStream): LogSink {
  // Without a listener, a broken pipe would end the process.
  stream.on("error", () => {});
  return {
    maxBatchBytes: 256 * 1024,
    lingerMs: 0,
    send: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
