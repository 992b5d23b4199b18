import type { Problem } from "../../core/model/source.ts";

/**
 * What the caller did wrong, or what makes a check impossible. What stands in an input is no error: it is a problem of
 * the report.
 *
 * - `invalid-option`: an option is unknown, or its value is not one that it takes
 * - `invalid-source`: what is to be checked is not `{ path, text }`
 * - `unknown-rule`: there is no rule of this name
 * - `unknown-setting`: no rule has a setting of this name
 * - `invalid-config`: the configuration is wrong or cannot be read; `problems` has each place
 * - `unloadable-module`: a WebAssembly module is missing, or is not what it should be
 * - `aborted`: the signal was aborted (`cause` is its reason), or a stream was left before its end
 */
export type CheckErrorCode =
  | "invalid-option"
  | "invalid-source"
  | "unknown-rule"
  | "unknown-setting"
  | "invalid-config"
  | "unloadable-module"
  | "aborted";

/** The only error that this package throws by itself. */
export class CheckError extends Error {
  override readonly name = "CheckError";
  readonly code: CheckErrorCode;
  /** Of `invalid-config`: what is wrong, place by place. */
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
