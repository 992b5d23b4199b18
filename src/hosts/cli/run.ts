import type { Engine } from "../../core/engine/engine.ts";
import type { Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../../core/model/report.ts";
import type { Problem, UnseenPart } from "../../core/model/source.ts";
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
  const unseen: UnseenPart[] = [];
  try {
    const report = checkInputs(inputs(invocation, unread, unseen, progress), withProgress(options, progress));
    return complete(report, unread, unseen, invocation);
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
function complete(report: Report, unread: Problem[], skipped: UnseenPart[], invocation: Invocation): Report {
  const problems = [...unread, ...report.problems];
  const unseen = [...report.unseen, ...skipped];
  const isEmpty = [problems, report.files, report.notices, unseen].every((list) => list.length === 0);
  const notices = isEmpty
    ? [{ file: invocation.arguments.join(", "), message: nothingFoundMessage }]
    : report.notices;
  return { ...report, problems, unseen, notices: [...invocation.notices, ...notices] };
}
