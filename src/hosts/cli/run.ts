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

/** Checks the paths of an invocation. The report includes a problem for each unreadable input. */
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

/** Wraps the slow steps of a check so that they show a status. */
function withProgress({ engine, terraform, ...options }: CheckOptions, progress: StatusLine): CheckOptions {
  const evaluate: Engine["evaluate"] = (document, settings) => {
    progress.show(`Checking ${document.keys.length} keys against ${engine.rules.length} rules`);
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

/** Adds the problems of unreadable inputs. If nothing was checked, adds a notice: no output would look like a pass. */
function complete(report: Report, unread: Problem[], invocation: Invocation): Report {
  const problems = [...unread, ...report.problems];
  const isEmpty = [problems, report.files, report.notices, report.unseen].every((list) => list.length === 0);
  const notices = isEmpty
    ? [{ file: invocation.arguments.join(", "), message: nothingFoundMessage }]
    : report.notices;
  return { ...report, problems, notices: [...invocation.notices, ...notices] };
}
