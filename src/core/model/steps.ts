/** A finished step: a source was read, or a root module was evaluated. */
export type ProgressStep = { file: string } | { directory: string };

/** Work that pauses after each step, so that its caller can report progress, yield to the event loop, or stop. */
export type Steps<Result, S = ProgressStep> = Generator<S, Result, void>;

/** Runs all steps without a pause and returns the result. */
export function runToEnd<Result>(steps: Steps<Result, unknown>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
