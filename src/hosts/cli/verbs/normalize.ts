import type { Problem } from "../../../core/model/source.ts";
import { normalizeInputs as read } from "../../../core/pipeline.ts";
import { normalizeOptions } from "../../../session/check-options.ts";
import type { Call } from "../../../session/invocation.ts";
import { deliver, tell } from "../deliver.ts";
import { incomplete } from "../exit.ts";
import { inputs } from "../inputs.ts";
import { readOutputs } from "../outputs.ts";
import { progressOn } from "../progress.ts";

/** `keywarden normalize`: the document that the rules judge. */
export function normalize(call: Call): number | string {
  const outputs = readOutputs({ given: call.values.output, known: ["json", "text"], compat: false });
  if (typeof outputs === "string") return outputs;
  const progress = progressOn(call.io);
  const unread: Problem[] = [];
  const options = normalizeOptions(call);
  const { document, problems, notices } = read(inputs(call, unread, progress), options);
  progress.end();
  const all = [...unread, ...problems];
  tell(call, { problems: all, notices: [...call.remarks, ...notices] });
  const code = all.length > 0 ? incomplete(call) : 0;
  return deliver(call, outputs, code, () => `${JSON.stringify(document, null, 2)}\n`);
}
