import { baselineOf } from "../../../core/suppress/baseline.ts";
import { exists } from "../../../node/files.ts";
import { optionsFor } from "../../../session/check-options.ts";
import type { Call } from "../../../session/invocation.ts";
import { deliver, refuse, tell } from "../deliver.ts";
import { incomplete } from "../exit.ts";
import { run } from "../run.ts";

/** `keywarden baseline`: what is found today, into the file that `keywarden test --baseline` takes. */
export function baseline(call: Call): number {
  const { baseline: path } = call.values;
  const options = optionsFor(call, path !== undefined && exists(path) ? path : undefined);
  if ("what" in options) return refuse(call, options);
  const report = run(call, options);
  tell(call, report);
  // What could not be read would be missing from it.
  if (report.problems.length > 0) return incomplete(call);
  return deliver(call, [{ form: "json", path: path ?? null }], 0, () => baselineOf(report, path));
}
