import type { Document } from "../../core/model/document.ts";
import type { Finding, Notice, Report, RuleInfo } from "../../core/model/report.ts";
import type { Problem, Source } from "../../core/model/source.ts";
import type { RunOptions } from "./options.ts";

/** A checker with options and compiled rules. It uses neither disk nor network. */
export interface Checker {
  /**
   * Checks sources together, because references lead from one source to another. Synchronous. Never throws because of
   * the content of a source: `problems` of the report describes it. The report is frozen.
   */
  check(sources: Iterable<Source>, run?: RunOptions): Report;
  /**
   * Returns the findings of `check` in the same order, one by one. It yields to the event loop between sources and
   * between evaluation steps, and continues when the next finding is requested. References lead from one source to
   * another, so it reads all sources before the first finding.
   */
  stream(sources: Iterable<Source> | AsyncIterable<Source>, run?: RunOptions): FindingStream;
  /**
   * Returns whether the config ignores a path in directories. `check` checks all sources, even those that it ignores.
   */
  ignores(path: string): boolean;
  /** The rules that the checker evaluates. */
  readonly rules: readonly RuleInfo[];
}

/** The normalized content of sources. */
export interface Normalized {
  /** The document that the rules evaluate, without sensitive values. */
  document: Document;
  problems: Problem[];
  notices: Notice[];
}

/** The findings of a check, one by one. */
export interface FindingStream extends AsyncIterableIterator<Finding> {
  /**
   * Returns the whole report; its `problems` describe what could not be read. Skips the findings that were not
   * requested yet. Throws a CheckError `aborted` if the stream was closed before its end.
   */
  report(): Promise<Report>;
}
