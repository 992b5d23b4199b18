import type { Finding, Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import { throwIfAborted } from "./abort.ts";
import type { FindingStream } from "./api.ts";
import { type CheckStep, progressIn } from "./check-steps.ts";
import { CheckError } from "./error.ts";
import { deepFreeze } from "./freeze.ts";
import type { RunOptions } from "./options.ts";
import { collectSources } from "./sources.ts";

/** The time for which the event loop is blocked between two steps, unless a single step takes longer. */
const MAX_BLOCKING_MS = 10;

/** Returns a stream of the findings of a check that `start` begins when all sources have arrived. */
export function createFindingStream(
  sources: Iterable<Source> | AsyncIterable<Source>,
  start: (sources: Source[]) => Steps<Report, CheckStep>,
  run: RunOptions,
): FindingStream {
  const steps = findingsInSteps(sources, start, run);
  let complete: Report | undefined;
  let failure: unknown;
  const next = async (): Promise<IteratorResult<Finding, undefined>> => {
    try {
      const { done, value } = await steps.next();
      if (done !== true) return { done: false, value };
      if (value !== undefined) complete = value;
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
      if (complete !== undefined) return complete;
      throw (
        failure ?? new CheckError("aborted", "The stream was closed before its end, so it has no report.")
      );
    },
  };
}

async function* findingsInSteps(
  sources: Iterable<Source> | AsyncIterable<Source>,
  start: (sources: Source[]) => Steps<Report, CheckStep>,
  { signal, onProgress }: RunOptions,
): AsyncGenerator<Finding, Report> {
  throwIfAborted(signal);
  const steps = start(await collectSources(sources, signal));
  let lastYield = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const { done, value } = steps.next();
    if (done === true) return deepFreeze(value);
    onProgress?.(progressIn(value));
    for (const finding of value.findings ?? []) {
      throwIfAborted(signal);
      yield deepFreeze(finding);
    }
    if (performance.now() - lastYield < MAX_BLOCKING_MS) continue;
    await yieldToEventLoop();
    lastYield = performance.now();
  }
}

/** Lets timers and sockets run. Browsers have no setImmediate. */
const yieldToEventLoop = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate: schedule } = globalThis as { setImmediate?: (run: () => void) => void };
    if (schedule === undefined) setTimeout(resolve, 0);
    else schedule(resolve);
  });
