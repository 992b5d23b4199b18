/** Where lines go. */
export interface Sink {
  /** Resolves when the lines are out. After a rejection it is called again with the same chunk. */
  send(chunk: Uint8Array): Promise<void>;
  /** How many bytes it takes at once, at least one line. */
  batch: number;
  /** How long the first line waits for others, in milliseconds. */
  gather: number;
  close?(): Promise<void>;
}

export interface QueueOptions {
  /** How many bytes wait at most; beyond, the oldest lines go. */
  limit: number;
  /** The first pause after a failure, in milliseconds; doubled each time, up to 30 seconds. */
  pause: number;
  /** A write failed; `again` where the one before did too. */
  failed(error: Error, again: boolean): void;
  recovered(): void;
  /** `again` where lines were lost since the queue was empty. */
  dropped(lines: number, again: boolean): void;
}

export interface Queue {
  /** A line with its end. Never throws, never waits. */
  push(line: string): void;
  /** Writes what is left, tries once where that fails, and gives up after `deadline` milliseconds. */
  close(deadline: number): Promise<void>;
}

const LONGEST_PAUSE = 30_000;

/** Lines that wait for a slow or broken sink in bounded memory, and never keep a decision from being made. */
export function queueTo(sink: Sink, { limit, pause, failed, recovered, dropped }: QueueOptions): Queue {
  const lines: Buffer[] = [];
  let bytes = 0;
  let failures = 0;
  let losing = false;
  let closing = false;
  let running: Promise<void> | undefined;
  let wake = () => {};

  const lose = (count: number) => {
    dropped(count, losing);
    losing = true;
  };
  const sleep = (delay: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** The lines that leave together; they are no longer dropped. */
  const take = (): { chunk: Buffer; count: number } => {
    let size = lines[0]?.length ?? 0;
    let count = 1;
    for (; count < lines.length; count++) {
      const next = lines[count]?.length ?? 0;
      if (size + next > sink.batch) break;
      size += next;
    }
    return { chunk: Buffer.concat(lines.splice(0, count), size), count };
  };

  const run = async () => {
    if (sink.gather > 0 && !closing) await sleep(sink.gather);
    // Lines of the same turn go together.
    else await new Promise<void>((resolve) => setImmediate(resolve));
    let sent = true;
    while (sent && lines.length > 0) {
      const { chunk, count } = take();
      sent = await deliver(chunk);
      bytes -= chunk.length;
      if (!sent) lose(count);
    }
    if (sent) losing = false;
    running = undefined;
  };

  /** Tries until it is out; when the queue closes, only once more. */
  const deliver = async (chunk: Buffer): Promise<boolean> => {
    for (;;) {
      const last = closing;
      try {
        await sink.send(chunk);
        if (failures > 0) recovered();
        failures = 0;
        return true;
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)), failures > 0);
        failures++;
        if (last) return false;
        if (!closing) await sleep(Math.min(LONGEST_PAUSE, pause * 2 ** (failures - 1)) * jitter());
      }
    }
  };

  return {
    push(line) {
      if (closing) return lose(1);
      const encoded = Buffer.from(line);
      lines.push(encoded);
      bytes += encoded.length;
      let gone = 0;
      while (bytes > limit && gone < lines.length) bytes -= lines[gone++]?.length ?? 0;
      if (gone > 0) {
        lines.splice(0, gone);
        lose(gone);
      }
      running ??= run();
    },
    async close(deadline) {
      closing = true;
      wake();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, deadline);
      });
      const done = async () => {
        await running;
        await sink.close?.();
      };
      await Promise.race([done(), late]);
      clearTimeout(timer);
      if (lines.length > 0) lose(lines.splice(0).length);
    },
  };
}

/** Between three quarters and five quarters: servers that failed together do not come back together. */
const jitter = (): number => 0.75 + Math.random() / 2;

/** A stream of this process. One chunk at a time is handed over, so that a reader who does not read costs no memory. */
export function toStream(stream: NodeJS.WritableStream): Sink {
  // Without a listener, a pipe that breaks would end the process.
  stream.on("error", () => {});
  return {
    batch: 256 * 1024,
    gather: 0,
    send: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
