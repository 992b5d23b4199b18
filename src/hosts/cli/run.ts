import type { Engine } from "../../core/engine/engine.ts";
import type { Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../../core/model/report.ts";
import type { Problem } from "../../core/model/source.ts";
import type { CheckOptions } from "../../core/options.ts";
import { nothingFoundMessage } from "../../core/parse/kms-content.ts";
import { checkInputs } from "../../core/pipeline.ts";
import type { Invocation } from "../../session/invocation.ts";
import { inputs } from "./inputs.ts";
import { type StatusLine, statusLineOn } from "./progress.ts";

/** Checks the paths of an invocation. The report includes what could not be read. */
export function runCheck(invocation: Invocation, options: CheckOptions): Report {
  const progress = statusLineOn(invocation.io);
  const unread: Problem[] = [];
  try {
    const report = checkInputs(inputs(invocation, unread, progress), withProgress(options, progress));
    return complete(report, unread, invocation);
  } finally {
    progress.end();
  }
}

/** Returns options whose slow steps show a status. */
function withProgress({ engine, terraform, ...options }: CheckOptions, progress: StatusLine): CheckOptions {
  const evaluate: Engine["evaluate"] = (document, settings) => {
    progress.show(`Checking ${document.keys.length} keys by ${engine.rules.length} rules`);
    return engine.evaluate(document, settings);
  };
  if (terraform === undefined) return { ...options, engine: { ...engine, evaluate } };
  const evaluateModule: Terraform["evaluate"] = (files, request) => {
    progress.show(`Evaluating ${request.directory}`);
    return terraform.evaluate(files, request);
  };
  return {
    ...options,
    engine: { ...engine, evaluate },
    terraform: { ...terraform, evaluate: evaluateModule },
  };
}

/** Adds what could not be read, and a notice if there was nothing to check: silence would look like a pass. */
function complete(report: Report, unread: Problem[], invocation: Invocation): Report {
  const problems = [...unread, ...report.problems];
  const silent = problems.length === 0 && report.files.length === 0 && report.notices.length === 0;
  const notices = silent
    ? [{ file: invocation.arguments.join(", "), message: nothingFoundMessage }]
    : report.notices;
  return { ...report, problems, notices: [...invocation.notices, ...notices] };
}
