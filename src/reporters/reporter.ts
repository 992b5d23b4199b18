import { openQuestions } from "../core/model/open-questions.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Report } from "../core/model/report.ts";

/** Renders a report in an output format. Pure: the result only depends on the arguments. */
export type Reporter = (report: Report, options: ReportOptions) => OutputText;

export interface ReportOptions {
  color: boolean;
  /** Width of the terminal. Default: 100. */
  width?: number;
  /** The namespace in conftest's formats. */
  namespace: string;
  /** The version of Keywarden. */
  version: string;
  /** The result of the run. Default: passed without open questions and failures of level error. */
  passed?: boolean;
  /** Count suppressed findings, but do not list them. */
  suppressExceptions?: boolean;
  /** Omit the message from the names of test cases. */
  junitHideMessage?: boolean;
  /** Omit files without findings. */
  githubHidePassed?: boolean;
}

/** `incomplete`: no finding fails the run, but parts of the inputs were not checked. */
export type RunResult = "passed" | "incomplete" | "failed";

/** Returns the result of a run in a word. A run that passes with unchecked parts must not look like a clean pass. */
export const runResult = (report: Report, options: Pick<ReportOptions, "passed">): RunResult =>
  !runPassed(report, options) ? "failed" : report.unseen.length > 0 ? "incomplete" : "passed";

/** Returns whether a run passed. */
export const runPassed = (report: Report, { passed }: Pick<ReportOptions, "passed">) =>
  passed ??
  (openQuestions(report).length === 0 &&
    !report.findings.some((f) => f.verdict === "fail" && f.level === "error"));
