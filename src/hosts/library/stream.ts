import type { Finding, Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import { throwIfAborted } from "./abort.ts";
import type { FindingStream } from "./api.ts";
import { CheckError } from "./error.ts";
import { frozen } from "./freeze.ts";
import type { RunOptions } from "./options.ts";
import { sourcesFrom } from "./sources.ts";
import { progressOf, type Stage } from "./steps.ts";

/** How long the event loop is held up at most between two steps, in milliseconds. */
const SLICE = 10;

export function streamed(
  sources: Iterable<Source> | AsyncIterable<Source>,
  start: (sources: Source[]) => Steps<Report, Stage>,
  run: RunOptions,
): FindingStream {
  const steps = stepping(sources, start, run);
  let whole: Report | undefined;
  let failure: unknown;
  const next = async (): Promise<IteratorResult<Finding, undefined>> => {
    try {
      const { done, value } = await steps.next();
      if (done !== true) return { done: false, value };
      if (value !== undefined) whole = value;
      return { done: true, value: undefined };
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  return {
    next,
    async return() {
      await steps.return(undefined as never);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async report() {
      while (!(await next()).done);
      if (whole !== undefined) return whole;
      throw failure ?? new CheckError("aborted", "The stream was left before its end: there is no report.");
    },
  };
}

async function* stepping(
  sources: Iterable<Source> | AsyncIterable<Source>,
  start: (sources: Source[]) => Steps<Report, Stage>,
  { signal, onProgress }: RunOptions,
): AsyncGenerator<Finding, Report> {
  throwIfAborted(signal);
  const steps = start(await sourcesFrom(sources, signal));
  let rested = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const { done, value } = steps.next();
    if (done === true) return frozen(value);
    onProgress?.(progressOf(value));
    for (const finding of value.findings ?? []) {
      throwIfAborted(signal);
      yield frozen(finding);
    }
    if (performance.now() - rested < SLICE) continue;
    await rest();
    rested = performance.now();
  }
}

/** Timers, sockets and the like get their turn. Browsers have no setImmediate. */
const rest = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate: soon } = globalThis as { setImmediate?: (run: () => void) => void };
    if (soon === undefined) setTimeout(resolve, 0);
    else soon(resolve);
  });
