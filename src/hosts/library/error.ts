import type { Problem } from "../../core/model/source.ts";

/**
 * The reason why a check is impossible. The content of an input never causes an error: Keywarden reports it as a problem.
 *
 * - `invalid-option`: an option doesn't exist, or its value is invalid
 * - `invalid-source`: a source is not `{ path, text }`
 * - `unknown-rule`: no rule has this name
 * - `unknown-setting`: no rule has a setting of this name
 * - `invalid-config`: the config is invalid or can't be read; `problems` lists each problem
 * - `unloadable-module`: a WebAssembly module is missing or invalid
 * - `aborted`: the signal was aborted (`cause` is its reason), or a stream was closed before its end
 */
export type CheckErrorCode =
  | "invalid-option"
  | "invalid-source"
  | "unknown-rule"
  | "unknown-setting"
  | "invalid-config"
  | "unloadable-module"
  | "aborted";

/** The only error class that this package throws. */
export class CheckError extends Error {
  override readonly name = "CheckError";
  readonly code: CheckErrorCode;
  /** The problems of an invalid config; empty for other codes. */
  readonly problems: readonly Problem[];

  /** @internal */
  constructor(
    code: CheckErrorCode,
    message: string,
    { cause, problems = [] }: { cause?: unknown; problems?: readonly Problem[] } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.problems = problems;
  }
}
