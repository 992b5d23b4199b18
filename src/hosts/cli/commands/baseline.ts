import { baselineOf } from "../../../core/suppress/baseline.ts";
import { exists } from "../../../node/files.ts";
import { encodeJsonText } from "../../../reporters/encode.ts";
import { createCheckOptions } from "../../../session/check-options.ts";
import type { Invocation } from "../../../session/invocation.ts";
import { incomplete } from "../exit.ts";
import { printProblems, reportFailure, writeOutputs } from "../output.ts";
import { runCheck } from "../run.ts";

/** Runs `keywarden baseline`: writes the current findings to the file that `keywarden test --baseline` reads. */
export function baselineCommand(invocation: Invocation): number {
  const { baseline: path } = invocation.flags;
  const options = createCheckOptions(invocation, path !== undefined && exists(path) ? path : undefined);
  if ("summary" in options) return reportFailure(invocation, options);
  const report = runCheck(invocation, options);
  printProblems(invocation, report);
  // The baseline would lack the findings of unread files.
  if (report.problems.length > 0) return incomplete(invocation);
  return writeOutputs(invocation, [{ format: "json", path: path ?? null }], 0, () =>
    encodeJsonText(baselineOf(report, path)),
  );
}
