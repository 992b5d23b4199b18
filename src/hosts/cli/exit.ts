import type { Report } from "../../core/model/report.ts";

/** The answer is not complete: an input could not be read, or the call is wrong. */
const INCOMPLETE = 3;

export interface ExitOptions {
  failOnWarn: boolean;
  noFail: boolean;
  compat: boolean;
}

/** conftest's code, whose 1 also stands for a run that failed. */
export const incomplete = ({ compat }: Pick<ExitOptions, "compat">): number => (compat ? 1 : INCOMPLETE);

/** conftest's table. What could not be read comes first: a gate must not take an answer with holes for one. */
export function exitCode(report: Report, options: ExitOptions): number {
  if (report.problems.length > 0) return incomplete(options);
  if (options.noFail) return 0;
  const has = (level: "error" | "warning") =>
    report.findings.some((finding) => finding.verdict === "fail" && finding.level === level);
  if (!options.failOnWarn) return has("error") ? 1 : 0;
  if (has("error")) return 2;
  return has("warning") ? 1 : 0;
}
