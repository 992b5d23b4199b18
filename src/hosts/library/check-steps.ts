import { batches } from "../../core/engine/batch.ts";
import { compareRawFindings, type RawFinding } from "../../core/engine/engine.ts";
import { judge, type Unjudged } from "../../core/engine/judge.ts";
import { type Document, entitiesIn } from "../../core/model/document.ts";
import type { Finding, Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import type { CheckOptions, NormalizedInputs, NormalizeInputsOptions } from "../../core/options.ts";
import { normalizeInSteps, reportJudgment } from "../../core/pipeline.ts";
import type { CheckProgress } from "./options.ts";

/** The progress of a check, with the findings that are final since the last step, in the order of the report. */
export interface CheckStep extends CheckProgress {
  findings?: Finding[];
}

export const progressIn = ({ findings: _, ...progress }: CheckStep): CheckProgress => progress;

/** Normalizes sources; pauses after each source and each Terraform root module. */
export function* normalizeSources(
  sources: Source[],
  options: NormalizeInputsOptions,
): Steps<NormalizedInputs, CheckStep> {
  const total = sources.length;
  const steps = normalizeInSteps(sources, options);
  let done = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      // Sources of a root module are read with their directory, and have no steps.
      if (done < total) yield { phase: "read", done: total, total };
      return step.value;
    }
    const isText = "file" in step.value;
    if (isText) done += 1;
    const file = "file" in step.value ? step.value.file : step.value.directory;
    yield { phase: "read", done, total, file };
  }
}

/**
 * Checks sources; pauses after each source and after each batch of resources that the rules evaluate. With `early`, a
 * step contains the findings that no later step can precede.
 */
export function* checkSources(
  sources: Source[],
  options: CheckOptions,
  early: boolean,
): Steps<Report, CheckStep> {
  const normalized = yield* normalizeSources(sources, options);
  const { engine, settings } = options;
  const sorted = sortByFirstFile(batches(normalized.document));
  const raw: RawFinding[] = [];
  const unjudged: Unjudged[] = [];
  const report = (findings: RawFinding[]): Report =>
    reportJudgment(() => ({ findings, unjudged }), normalized, options);
  let reported = 0;
  let nextReport = 1;
  for (const [index, { document }] of sorted.entries()) {
    const step: CheckStep = { phase: "evaluate", done: index + 1, total: sorted.length };
    const judged = judge(engine, document, settings);
    for (const finding of judged.findings) raw.push(finding);
    for (const resources of judged.unjudged) unjudged.push(resources);
    const { first } = sorted[index + 1] ?? {};
    // Suppressing all findings again is cheap after 1, 2, 4, 8, … batches.
    if (early && first !== undefined && index + 1 === nextReport) {
      nextReport *= 2;
      const certain = raw.filter(({ file }) => file < first).sort(compareRawFindings);
      const { findings } = report(certain);
      step.findings = findings.slice(reported);
      reported = findings.length;
    }
    yield step;
  }
  const final = report(raw.sort(compareRawFindings));
  if (early)
    yield {
      phase: "evaluate",
      done: sorted.length,
      total: sorted.length,
      findings: final.findings.slice(reported),
    };
  return final;
}

/** Sorts batches by their first file: a finding is in the file of its resource. */
function sortByFirstFile(documents: Document[]): { document: Document; first: string }[] {
  const firstOf = (document: Document) =>
    entitiesIn(document)
      .map(({ location }) => location.file)
      .reduce((first, file) => (file < first ? file : first));
  return documents
    .map((document) => ({ document, first: firstOf(document) }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}
