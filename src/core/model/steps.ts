/** What was just done: a text was read, or a root module evaluated. */
export type ProgressStep = { text: string } | { directory: string };

/** Work that pauses after each step: whoever drives it may tell how far it is, do other things, or give up. */
export type Steps<Result, S = ProgressStep> = Generator<S, Result, void>;

/** The result of work that is done in one go. */
export function runToEnd<Result>(steps: Steps<Result, unknown>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
