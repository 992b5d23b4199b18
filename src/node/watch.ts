import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** How soon a change is looked at once more: it counts when it stands still. Milliseconds. */
const SETTLE = 200;

interface WatchOptions {
  /** Milliseconds. */
  interval?: number;
  /** Tests pass their own, to decide when time passes. */
  setTimeout?: (look: () => Promise<void>, delay: number) => NodeJS.Timeout;
}

/**
 * Calls `changed` after the content of a file, or of a file in a folder, is another one: also where it comes or goes.
 * Looks every `interval` milliseconds, and not at events of the file system: those of mounted volumes are not told, and
 * Kubernetes changes a file by a symbolic link above it. Keeps no process alive. `changed` is never called twice at
 * once, and what it throws becomes a warning of the process. Returns what ends it.
 */
export function watchFiles(
  paths: string[],
  changed: () => void | Promise<void>,
  { interval = 5000, setTimeout = globalThis.setTimeout }: WatchOptions = {},
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let known: string | undefined;
  let seen: string | undefined;

  const look = async () => {
    const now = await fingerprint(paths);
    if (stopped) return;
    known ??= now;
    const moves = now !== known;
    if (moves && now === seen) {
      known = now;
      await Promise.resolve()
        .then(changed)
        .catch((error) => process.emitWarning(error instanceof Error ? error : String(error)));
    }
    seen = now;
    next(now === known ? interval : Math.min(interval, SETTLE));
  };
  const next = (delay: number) => {
    if (!stopped) timer = setTimeout(look, delay).unref();
  };

  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Of names and contents. What cannot be read is told apart by why. */
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
