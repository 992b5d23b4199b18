import type { Engine } from "../../core/engine/engine.ts";
import type { Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../../core/model/report.ts";
import type { Problem } from "../../core/model/source.ts";
import type { CheckOptions } from "../../core/options.ts";
import { nothingFoundMessage } from "../../core/parse/kms-content.ts";
import { checkInputs } from "../../core/pipeline.ts";
import type { Call } from "../../session/invocation.ts";
import { inputs } from "./inputs.ts";
import { type Progress, progressOn } from "./progress.ts";

/** The whole check of what was named, with what could not be read. */
export function run(call: Call, options: CheckOptions): Report {
  const progress = progressOn(call.io);
  const unread: Problem[] = [];
  try {
    const report = checkInputs(inputs(call, unread, progress), watched(options, progress));
    return complete(report, unread, call);
  } finally {
    progress.end();
  }
}

/** The steps that take long say what they are at. */
function watched({ engine, terraform, ...options }: CheckOptions, progress: Progress): CheckOptions {
  const evaluate: Engine["evaluate"] = (document, settings) => {
    progress.say(`Checking ${document.keys.length} keys by ${engine.rules.length} rules`);
    return engine.evaluate(document, settings);
  };
  if (terraform === undefined) return { ...options, engine: { ...engine, evaluate } };
  const evaluateModule: Terraform["evaluate"] = (files, request) => {
    progress.say(`Evaluating ${request.directory}`);
    return terraform.evaluate(files, request);
  };
  return {
    ...options,
    engine: { ...engine, evaluate },
    terraform: { ...terraform, evaluate: evaluateModule },
  };
}

/** The report with what could not be read, and a word where there was nothing to check: silence would look like a pass. */
function complete(report: Report, unread: Problem[], { names, remarks }: Call): Report {
  const problems = [...unread, ...report.problems];
  const silent = problems.length === 0 && report.files.length === 0 && report.notices.length === 0;
  const notices = silent ? [{ file: names.join(", "), message: nothingFoundMessage }] : report.notices;
  return { ...report, problems, notices: [...remarks, ...notices] };
}
