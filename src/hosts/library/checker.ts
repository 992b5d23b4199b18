import type { Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import { throwIfAborted } from "./abort.ts";
import type { Checker, Normalized } from "./api.ts";
import { frozen } from "./freeze.ts";
import type { CheckerOptions, NormalizeOptions, RunOptions } from "./options.ts";
import { type Assets, resolveNormalizeOptions, resolveOptions } from "./resolve.ts";
import { sourcesIn } from "./sources.ts";
import { checking, progressOf, reading, type Stage } from "./steps.ts";
import { streamed } from "./stream.ts";
import { assertRunOptions } from "./validate.ts";

export function checkerOf(options: CheckerOptions, assets: Assets): Checker {
  const { check: own, ignores } = resolveOptions(options, assets);
  return Object.freeze({
    check(sources: Iterable<Source>, run: RunOptions = {}) {
      return frozen(inOneGo(checking(sourcesIn(sources), own, false), run));
    },
    stream(sources: Iterable<Source> | AsyncIterable<Source>, run: RunOptions = {}) {
      return streamed(sources, (all) => checking(all, own, true), assertRunOptions(run));
    },
    ignores,
    rules: frozen(own.engine.rules),
  });
}

/** One check: its options are those of a checker and of a run. */
export function checkOnce(
  sources: Iterable<Source>,
  { signal, onProgress, ...options }: CheckerOptions & RunOptions,
  assets: Assets,
): Report {
  return checkerOf(options, assets).check(sources, given(signal, onProgress));
}

export function normalizeOnce(
  sources: Iterable<Source>,
  { signal, onProgress, ...options }: NormalizeOptions & RunOptions,
  assets: Assets,
): Normalized {
  const own = resolveNormalizeOptions(options, assets);
  const all = sourcesIn(sources);
  const { document, problems, notices } = inOneGo(reading(all, own), given(signal, onProgress));
  return frozen({ document, problems, notices });
}

const given = (signal: RunOptions["signal"], onProgress: RunOptions["onProgress"]): RunOptions => ({
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
});

function inOneGo<Result>(steps: Steps<Result, Stage>, run: RunOptions): Result {
  const { signal, onProgress } = assertRunOptions(run);
  for (;;) {
    throwIfAborted(signal);
    const { done, value } = steps.next();
    if (done === true) return value;
    onProgress?.(progressOf(value));
  }
}
