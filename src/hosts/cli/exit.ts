import { openQuestions } from "../../core/model/open-questions.ts";
import type { Report } from "../../core/model/report.ts";

/** An input could not be read, a verdict that must be known is unknown, or the invocation is invalid. */
const INCOMPLETE = 3;

export interface ExitOptions {
  failOnWarn: boolean;
  noFail: boolean;
  compat: boolean;
}

/** Returns the exit code of an incomplete run. conftest uses 1, which also means failures. */
export const incomplete = ({ compat }: Pick<ExitOptions, "compat">): number => (compat ? 1 : INCOMPLETE);

/** Returns conftest's exit codes. Open questions come first: a gate must not accept an incomplete report. */
export function exitCode(report: Report, options: ExitOptions): number {
  if (options.noFail) return report.problems.length > 0 ? incomplete(options) : 0;
  if (openQuestions(report).length > 0) return incomplete(options);
  const has = (level: "error" | "warning") =>
    report.findings.some((finding) => finding.verdict === "fail" && finding.level === level);
  if (!options.failOnWarn) return has("error") ? 1 : 0;
  if (has("error")) return 2;
  return has("warning") ? 1 : 0;
}
