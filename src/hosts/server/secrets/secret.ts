import { messageOf } from "../../../core/model/message.ts";
import { readBytes } from "../../../node/files.ts";
import { ioProblem } from "../../../node/problems.ts";

/**
 * A secret file that cannot be used. `reason` does not begin with the path: the redaction of logs would take the text
 * after `/run/secrets/token: ` for a token.
 */
export class SecretFileError extends Error {
  readonly file: string;
  readonly reason: string;

  constructor(file: string, reason: string) {
    super(`Cannot use "${file}": ${reason}`);
    this.file = file;
    this.reason = reason;
  }
}

export interface FileContent {
  path: string;
  bytes: Buffer;
}

/** One file, or files that change together, with their parser. */
export interface SecretSource<T> {
  /** Name in the log: "token file". */
  name: string;
  paths: string[];
  /**
   * Returns the value of the files, in the order of `paths`. Throws a `SecretFileError`, or an Error whose message is the
   * reason why the first file cannot be used.
   */
  parse(files: [FileContent, ...FileContent[]], previous: T | undefined): T;
}

/** The value of secret files, which may change while the server runs. */
export class ReloadableSecret<T> {
  readonly name: string;
  readonly paths: string[];
  private readonly parse: SecretSource<T>["parse"];
  private current: T;
  private readonly listeners: ((value: T) => void)[] = [];

  /** Throws a `SecretFileError` if a file cannot be used. */
  constructor({ name, paths, parse }: SecretSource<T>) {
    this.name = name;
    this.paths = paths;
    this.parse = parse;
    this.current = this.read(undefined);
  }

  get value(): T {
    return this.current;
  }

  /** Calls `listener` after each reload. */
  onReload(listener: (value: T) => void): void {
    this.listeners.push(listener);
  }

  /** Reads the files again. Throws a `SecretFileError`, and keeps the value, if a file cannot be used. */
  reload(): void {
    this.current = this.read(this.current);
    for (const listener of this.listeners) listener(this.current);
  }

  /** Returns whether the files can be used as they are now. */
  isUsable(): boolean {
    try {
      this.read(this.current);
      return true;
    } catch {
      return false;
    }
  }

  private read(previous: T | undefined): T {
    const files = this.paths.map(readContent) as [FileContent, ...FileContent[]];
    try {
      return this.parse(files, previous);
    } catch (error) {
      throw error instanceof SecretFileError ? error : new SecretFileError(files[0].path, messageOf(error));
    }
  }
}

function readContent(path: string): FileContent {
  try {
    return { path, bytes: Buffer.from(readBytes(path)) };
  } catch (error) {
    const { message, remedy } = ioProblem(path, (error as Error).cause);
    throw new SecretFileError(path, `${message} ${remedy}`);
  }
}
