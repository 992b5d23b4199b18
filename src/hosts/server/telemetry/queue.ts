import { jitter } from "../jitter.ts";

/** Destination of log lines. */
export interface LogSink {
  /**
   * Resolves when the lines, which include their line breaks, are written. After a rejection, the queue passes the same
   * list again, without the lines that a `WriteError` reports as written. The sink may replace lines in the list.
   */
  send(lines: Buffer[]): Promise<void>;
  /** Maximum size of the lines to send at once. A single line may exceed it. The sink may change it. */
  maxBatchBytes: number;
  /** Time that the first line waits for further lines. */
  lingerMs: number;
  close?(): Promise<void>;
}

/** A failure about which the sink knows more. */
export class WriteError extends Error {
  /** Number of lines, from the first, that must not be sent again. */
  readonly written: number;
  /** Minimum pause before the next attempt. */
  readonly retryAfterMs: number;

  constructor(message: string, { written = 0, retryAfterMs = 0 } = {}) {
    super(message);
    this.written = written;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface LogQueueOptions {
  /** Maximum size of the waiting lines. The queue drops the oldest lines beyond it. */
  maxBytes: number;
  /** Pause after the first failure. It doubles after each further failure, up to 30 seconds. */
  retryDelayMs: number;
  /** Called after each failed write. */
  onFailure(error: Error): void;
  onRecovery(): void;
  onDrop(lines: number, reason: DropReason): void;
}

export type DropReason =
  | "the buffer is full"
  | "the server stopped"
  | "the log server rejects them as too large";

export interface LogQueue {
  /** Adds a line, which includes its line break. Never throws or blocks. */
  push(line: string): void;
  /** Writes the remaining lines with one attempt per batch, and drops them after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

const MAX_RETRY_DELAY_MS = 30_000;
/** A server that asks for a longer pause gets another attempt nevertheless, because the buffer is limited. */
const MAX_RETRY_AFTER_MS = 300_000;

/** Creates a queue of lines in bounded memory, so that a slow or broken sink never delays a decision. */
export function createLogQueue(
  sink: LogSink,
  { maxBytes, retryDelayMs, onFailure, onRecovery, onDrop }: LogQueueOptions,
): LogQueue {
  const lines: Buffer[] = [];
  /** The lines that the sink is writing, which the queue can no longer drop. */
  let batch: Buffer[] = [];
  let bytes = 0;
  let failures = 0;
  let closing = false;
  let running: Promise<void> | undefined;
  let wake = () => {};

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const takeBatch = (): Buffer[] => {
    let size = lines[0]?.length ?? 0;
    let count = 1;
    for (; count < lines.length; count++) {
      size += lines[count]?.length ?? 0;
      if (size > sink.maxBatchBytes) break;
    }
    return lines.splice(0, count);
  };

  const run = async () => {
    if (sink.lingerMs > 0 && !closing) await sleep(sink.lingerMs);
    // Collects the lines of the current turn of the event loop in one batch.
    else await new Promise<void>((resolve) => setImmediate(resolve));
    while (batch.length === 0 && lines.length > 0) {
      batch = takeBatch();
      const size = sizeOf(batch);
      await deliver();
      bytes -= size;
    }
    running = undefined;
  };

  /** Sends the batch until it succeeds; only once more after the queue is closed. */
  const deliver = async (): Promise<void> => {
    for (;;) {
      const isLastAttempt = closing;
      try {
        await sink.send(batch);
        batch = [];
        if (failures > 0) onRecovery();
        failures = 0;
        return;
      } catch (error) {
        onFailure(error instanceof Error ? error : new Error(String(error)));
        failures++;
        const { written, retryAfterMs } = error instanceof WriteError ? error : new WriteError("");
        batch.splice(0, written);
        if (isLastAttempt) return;
        const delay = Math.min(MAX_RETRY_DELAY_MS, retryDelayMs * 2 ** (failures - 1)) * jitter(0.25);
        if (!closing) await sleep(Math.max(delay, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
      }
    }
  };

  return {
    push(line) {
      if (closing) return onDrop(1, "the server stopped");
      const encoded = Buffer.from(line);
      lines.push(encoded);
      bytes += encoded.length;
      let excess = 0;
      while (bytes > maxBytes && excess < lines.length) bytes -= lines[excess++]?.length ?? 0;
      if (excess > 0) {
        lines.splice(0, excess);
        onDrop(excess, "the buffer is full");
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
      const lost = batch.length + lines.splice(0).length;
      if (lost > 0) onDrop(lost, "the server stopped");
    },
  };
}

const sizeOf = (lines: Buffer[]): number => lines.reduce((sum, { length }) => sum + length, 0);

/** Writes to a stream, one batch at a time, so that a blocked reader costs no memory. */
export function streamSink(stream: NodeJS.WritableStream): LogSink {
  // Without a listener, a broken pipe would end the process.
  stream.on("error", () => {});
  return {
    maxBatchBytes: 256 * 1024,
    lingerMs: 0,
    send: (lines) =>
      new Promise((resolve, reject) => {
        stream.write(Buffer.concat(lines), (error) => (error ? reject(error) : resolve()));
      }),
  };
}
