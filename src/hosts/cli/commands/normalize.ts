import type { Document } from "../../../core/model/document.ts";
import type { Problem, UnseenPart } from "../../../core/model/source.ts";
import { normalizeInputs } from "../../../core/pipeline.ts";
import { encodeJson } from "../../../reporters/encode.ts";
import { createNormalizeOptions } from "../../../session/check-options.ts";
import type { Invocation } from "../../../session/invocation.ts";
import { incomplete } from "../exit.ts";
import { inputs } from "../inputs.ts";
import { printProblems, writeOutputs } from "../output.ts";
import { readOutputs } from "../output-flags.ts";
import { statusLineOn } from "../progress.ts";

/** Runs `keywarden normalize`: prints the document that the rules evaluate, without sensitive values. */
export function normalizeCommand(invocation: Invocation): number | string {
  const requested = invocation.flags.output;
  const outputs = readOutputs({ requested, formats: ["json", "text"], compat: false });
  if (typeof outputs === "string") return outputs;
  const progress = statusLineOn(invocation.io);
  const unread: Problem[] = [];
  const unseen: UnseenPart[] = [];
  const options = createNormalizeOptions(invocation);
  const { document, redactor, problems, notices } = normalizeInputs(
    inputs(invocation, unread, unseen, progress),
    options,
  );
  progress.end();
  const all = [...unread, ...problems];
  printProblems(invocation, { problems: all, notices: [...invocation.notices, ...notices] });
  const code = all.length > 0 ? incomplete(invocation) : 0;
  return writeOutputs(invocation, outputs, code, () =>
    encodeJson(redactor.value(withUnseen(document, unseen)), 2),
  );
}

const withUnseen = (document: Document, unseen: UnseenPart[]): Document =>
  unseen.length === 0 ? document : { ...document, unseen: [...(document.unseen ?? []), ...unseen] };
