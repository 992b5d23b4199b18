import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** A file that a program replaces as a whole, and reads at its next start. */
export interface StateFile {
  /** Returns the content, or undefined if there is no file. Throws a system error if it cannot be read. */
  read(): Uint8Array | undefined;
  /** Replaces the content: after a crash, the file has either the old content or the new one. Throws a system error. */
  write(content: Uint8Array): void;
}

/** Returns a state file. Creates its directory, but no parents. Throws a system error if it is not writable. */
export function stateFile(path: string): StateFile {
  const directory = dirname(path);
  // Two programs that share the directory must not write to the same file.
  const partial = `${path}.${randomUUID()}.tmp`;
  if (!existsSync(directory)) mkdirSync(directory, { mode: 0o700 });
  // Permissions alone do not show whether a file system is read-only or full.
  writeSynced(partial, Buffer.from("test"));
  rmSync(partial);
  return {
    read() {
      try {
        return readFileSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    write(content) {
      try {
        writeSynced(partial, content);
        renameSync(partial, path);
      } catch (error) {
        rmSync(partial, { force: true });
        throw error;
      }
      syncDirectory(directory);
    },
  };
}

function writeSynced(path: string, content: Uint8Array): void {
  const file = openSync(path, "w", 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename durable. Windows cannot open directories. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
