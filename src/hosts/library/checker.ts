import type { Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import { throwIfAborted } from "./abort.ts";
import type { Checker, Normalized } from "./api.ts";
import { type CheckStep, checkSources, normalizeSources, progressIn } from "./check-steps.ts";
import { deepFreeze } from "./freeze.ts";
import type { CheckerOptions, NormalizeOptions, RunOptions } from "./options.ts";
import { type Assets, resolveNormalizeOptions, resolveOptions } from "./resolve.ts";
import { assertSources } from "./sources.ts";
import { createFindingStream } from "./stream.ts";
import { assertRunOptions } from "./validate.ts";

export function checkerOf(options: CheckerOptions, assets: Assets): Checker {
  const { check: checkOptions, ignores } = resolveOptions(options, assets);
  return Object.freeze({
    check(sources: Iterable<Source>, run: RunOptions = {}) {
      return deepFreeze(runSynchronously(checkSources(assertSources(sources), checkOptions, false), run));
    },
    stream(sources: Iterable<Source> | AsyncIterable<Source>, run: RunOptions = {}) {
      return createFindingStream(
        sources,
        (all) => checkSources(all, checkOptions, true),
        assertRunOptions(run),
      );
    },
    ignores,
    rules: deepFreeze(checkOptions.engine.rules),
  });
}

/** Runs a single check. Its options are those of a checker and of a run. */
export function checkOnce(
  sources: Iterable<Source>,
  { signal, onProgress, ...options }: CheckerOptions & RunOptions,
  assets: Assets,
): Report {
  return checkerOf(options, assets).check(sources, runOptionsOf(signal, onProgress));
}

export function normalizeOnce(
  sources: Iterable<Source>,
  { signal, onProgress, ...options }: NormalizeOptions & RunOptions,
  assets: Assets,
): Normalized {
  const normalizeOptions = resolveNormalizeOptions(options, assets);
  const all = assertSources(sources);
  const { document, redactor, problems, notices } = runSynchronously(
    normalizeSources(all, normalizeOptions),
    runOptionsOf(signal, onProgress),
  );
  return deepFreeze({ document: redactor.value(document), problems, notices });
}

const runOptionsOf = (signal: RunOptions["signal"], onProgress: RunOptions["onProgress"]): RunOptions => ({
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
});

function runSynchronously<Result>(steps: Steps<Result, CheckStep>, run: RunOptions): Result {
  const { signal, onProgress } = assertRunOptions(run);
  for (;;) {
    throwIfAborted(signal);
    const { done, value } = steps.next();
    if (done === true) return value;
    onProgress?.(progressIn(value));
  }
}
