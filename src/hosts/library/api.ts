import type { Document } from "../../core/model/document.ts";
import type { Finding, Notice, Report, RuleInfo } from "../../core/model/report.ts";
import type { Problem, Source } from "../../core/model/source.ts";
import type { RunOptions } from "./options.ts";

/** Checks with what was read and compiled when it was made: neither disk nor network is touched any more. */
export interface Checker {
  /**
   * Synchronous. Never throws for what stands in a source: that is in `problems` of the report. Sources are judged
   * together, as their references lead from one to the other; the report does not change any more.
   */
  check(sources: Iterable<Source>, run?: RunOptions): Report;
  /**
   * The same findings in the same order, one by one, without holding up the event loop: it rests between files and
   * between parts of the rules' work, and goes on when the next finding is asked for. References lead from file to file,
   * so all sources are read before the first finding comes.
   */
  stream(sources: Iterable<Source> | AsyncIterable<Source>, run?: RunOptions): FindingStream;
  /**
   * Whether `ignore` of the configuration passes over a path when folders are walked. `check` takes what it is given.
   */
  ignores(path: string): boolean;
  /** The rules that it asks. */
  readonly rules: readonly RuleInfo[];
}

/** What stands in sources. */
export interface Normalized {
  /** What the rules judge. */
  document: Document;
  problems: Problem[];
  notices: Notice[];
}

/** The findings of a check, one by one. */
export interface FindingStream extends AsyncIterableIterator<Finding> {
  /**
   * The whole report, of which findings are a part: what could not be read is in its `problems`. Passes over the
   * findings that nobody asked for yet. Throws a CheckError `aborted` where the stream was left before its end.
   */
  report(): Promise<Report>;
}
