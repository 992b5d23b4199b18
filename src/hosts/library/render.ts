import { nearest } from "../../core/model/nearest.ts";
import type { Report } from "../../core/model/report.ts";
import { reporters } from "../../reporters/index.ts";
import { runPassed } from "../../reporters/reporter.ts";
import { renderProblems } from "../../reporters/text.ts";
import { CheckError } from "./error.ts";

/** The output formats of a report, as `--output` of the command line names them. */
export type ReportFormat =
  | "text"
  | "stdout"
  | "json"
  | "tap"
  | "table"
  | "junit"
  | "github"
  | "azuredevops"
  | "sarif"
  | "gitlab"
  | "markdown"
  | "html"
  | "atlantis";

export interface RenderOptions {
  /** Print terminal colors. Default: false. */
  color?: boolean;
  /** Maximum line width of the format `text`. Default: 100. */
  width?: number;
  /** Name of the rule set in the formats of conftest. Default: `main`. */
  namespace?: string;
}

/** Returns a report in an output format. Throws a CheckError if the format is unknown. */
export function renderAs(
  report: Report,
  format: ReportFormat,
  { color = false, width = 100, namespace = "main" }: RenderOptions,
  version: string,
): string {
  const reporter = reporters.get(format);
  if (reporter === undefined) {
    const formats = [...reporters.keys()];
    throw new CheckError(
      "invalid-option",
      `Unknown format ${format}. Did you mean ${nearest(String(format), formats)}? Formats: ${formats.join(", ")}.`,
    );
  }
  // The command line prints problems to standard error.
  const problems = format === "text" ? renderProblems(report, { color, width }) : "";
  return problems + reporter(report, { color, width, namespace, version });
}

/**
 * Returns whether a check passed: no finding of level `error` failed, every source could be read, and nothing that the
 * option `failOnUnknown` asks for is unknown.
 */
export const passed = (report: Report): boolean => runPassed(report, {});
