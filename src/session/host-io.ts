import type { OutputText } from "../core/model/output.ts";
import type { ServerOptions, ServerStart } from "./server-options.ts";

/** Standard output cannot be written in full. */
export class OutputError extends Error {
  /** The reader closed the pipe, as `head` does. */
  readonly isClosed: boolean;

  constructor(code: string, options?: ErrorOptions) {
    super(`Standard output cannot be written: ${code}. Free space, or write to another file.`, options);
    this.isClosed = code === "EPIPE";
  }
}

/** The process in which a command runs. */
export interface Io {
  /** May throw an OutputError. */
  stdout: (text: OutputText) => void;
  stderr: (text: OutputText) => void;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Width of the terminal on standard output; undefined if it is not a terminal. */
  columns?: number | undefined;
  stderrIsTerminal?: boolean;
  /** Returns a file of the package, by its path from the package root. */
  asset: (path: string) => Uint8Array;
  /** The process continues after the command. */
  longRunning?: boolean;
  /** Memory limit of a WebAssembly module in pages of 64 KiB. Default: no limit. */
  pages?: number;
  /** Starts the server, which runs until a signal ends it. Absent if the host has no server, such as the GitHub Action. */
  serve?: (settings: ServerOptions, start: ServerStart) => void;
}

/** Returns the maximum line width. Some terminals report zero columns. */
export const columnsOf = ({ columns = 0 }: Io, fallback = 100): number =>
  Math.min(columns > 0 ? columns : fallback, 120);
