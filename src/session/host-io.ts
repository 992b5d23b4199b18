import type { ServerOptions, ServerStart } from "./server-options.ts";

/** Where a command reads and writes. */
export interface Io {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Of the terminal on standard output; undefined where it is none. */
  columns?: number | undefined;
  stderrIsTerminal?: boolean;
  /** A file of the package itself, by its path from the root. */
  asset: (path: string) => Uint8Array;
  /** The process goes on when the command has run. */
  longRunning?: boolean;
  /** Of 64 KiB, which a WebAssembly module may take at most; as many as it can have without it. */
  pages?: number;
  /** Starts the server, which ends by signals. Absent where there is none, as in the action. */
  serve?: (settings: ServerOptions, start: ServerStart) => void;
}

/** How wide lines are at most. Some terminals say that they have no columns. */
export const columnsOf = ({ columns = 0 }: Io, unknown = 100): number =>
  Math.min(columns > 0 ? columns : unknown, 120);
