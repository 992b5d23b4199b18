import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds until a change is checked again. A change takes effect when two checks agree. */
const SETTLE_TIME = 200;

interface WatchOptions {
  /** Milliseconds. */
  interval?: number;
  /** Replaced in tests to control time. */
  setTimeout?: (callback: () => Promise<void>, delay: number) => NodeJS.Timeout;
}

/**
 * Calls `changed` when the content of a file, or of a file in a directory, changes, or when a file is created or deleted.
 * Polls every `interval` milliseconds: file system events are not available for mounted volumes, and Kubernetes updates a
 * file by changing a symbolic link above it. Does not keep the process alive. Never calls `changed` concurrently; its
 * errors become process warnings. Returns a function that stops watching.
 */
export function watchFiles(
  paths: string[],
  changed: () => void | Promise<void>,
  { interval = 5000, setTimeout = globalThis.setTimeout }: WatchOptions = {},
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let reported: string | undefined;
  let previous: string | undefined;

  const poll = async () => {
    const now = await fingerprint(paths);
    if (stopped) return;
    reported ??= now;
    if (now !== reported && now === previous) {
      reported = now;
      await Promise.resolve()
        .then(changed)
        .catch((error) => process.emitWarning(error instanceof Error ? error : String(error)));
    }
    previous = now;
    schedule(now === reported ? interval : Math.min(interval, SETTLE_TIME));
  };
  const schedule = (delay: number) => {
    if (!stopped) timer = setTimeout(poll, delay).unref();
  };

  void poll();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Returns a hash of names and contents. Unreadable files are represented by their error code. */
async function fingerprint(paths: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(JSON.stringify([path, await digest(path)]));
  return hash.digest("hex");
}

async function digest(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) {
      const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
      return await fingerprint(names.map((name) => join(path, name)));
    }
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unreadable";
  }
}
