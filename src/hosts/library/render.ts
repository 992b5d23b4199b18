import { nearest } from "../../core/model/nearest.ts";
import type { Report } from "../../core/model/report.ts";
import { reporters } from "../../reporters/index.ts";
import { runPassed } from "../../reporters/reporter.ts";
import { renderProblems } from "../../reporters/text.ts";
import { CheckError } from "./error.ts";

/** The forms of a report, as `--output` of the command line names them. */
export type Form =
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
  /** Colours of a terminal; without by default. */
  colour?: boolean;
  /** How long lines of the form `text` are; 100 by default. */
  width?: number;
  /** What conftest's forms call the set of rules; `main` by default. */
  namespace?: string;
}

/** The report in a form. Throws a CheckError where there is no such form. */
export function renderAs(
  report: Report,
  form: Form,
  { colour = false, width = 100, namespace = "main" }: RenderOptions,
  version: string,
): string {
  const reporter = reporters.get(form);
  if (reporter === undefined) {
    const forms = [...reporters.keys()];
    throw new CheckError(
      "invalid-option",
      `There is no form ${form}. Did you mean ${nearest(String(form), forms)}? There are: ${forms.join(", ")}.`,
    );
  }
  // On the command line what could not be read stands on standard error.
  const unread = form === "text" ? renderProblems(report, { color: colour, width }) : "";
  return unread + reporter(report, { color: colour, width, namespace, version });
}

/** Whether a check ends well: nothing of level `error` fails, and everything could be read. */
export const passed = (report: Report): boolean => runPassed(report, {});
