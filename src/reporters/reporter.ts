import type { Report } from "../core/model/report.ts";

/** A form of the result. Pure: the same report and options give the same text. */
export type Reporter = (report: Report, options: ReportOptions) => string;

export interface ReportOptions {
  color: boolean;
  /** Of the terminal; 100 by default. */
  width?: number;
  /** What conftest's forms call the set of rules. */
  namespace: string;
  /** Of Keywarden. */
  version: string;
  /** Whether the run ends well; by default: nothing of level error failed, and everything could be read. */
  passed?: boolean;
  /** Exceptions are counted, and not listed. */
  suppressExceptions?: boolean;
  /** The name of a test case is the file's alone. */
  junitHideMessage?: boolean;
  /** Files about which there is nothing to say have no group. */
  githubHidePassed?: boolean;
}

/** Whether a run ends well. */
export const hasPassed = ({ findings, problems }: Report, { passed }: Pick<ReportOptions, "passed">) =>
  passed ?? (problems.length === 0 && !findings.some((f) => f.verdict === "fail" && f.level === "error"));
