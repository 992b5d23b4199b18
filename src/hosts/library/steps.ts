import { batches } from "../../core/engine/batch.ts";
import { compareRawFindings, type Engine, type RawFinding } from "../../core/engine/engine.ts";
import { type Document, entitiesIn } from "../../core/model/document.ts";
import type { Finding, Report } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Steps } from "../../core/model/steps.ts";
import type { CheckOptions, NormalizedInputs, NormalizeInputsOptions } from "../../core/options.ts";
import { evaluateRules, normalizeInSteps } from "../../core/pipeline.ts";
import type { Progress } from "./options.ts";

/** How far it is, and the findings that are certain since the last step, in the order of the report. */
export interface Stage extends Progress {
  findings?: Finding[];
}

export const progressOf = ({ findings: _, ...progress }: Stage): Progress => progress;

/** Reads sources: a step for each, and for each root module of Terraform. */
export function* reading(sources: Source[], options: NormalizeInputsOptions): Steps<NormalizedInputs, Stage> {
  const total = sources.length;
  const steps = normalizeInSteps(sources, options);
  let done = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      // Terraform's files are read with their directories.
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
 * The whole check: a step for each source, and for each part of the document that the rules judge by itself. `early`: as
 * soon as nothing can come before them, findings are told.
 */
export function* checking(sources: Source[], options: CheckOptions, early: boolean): Steps<Report, Stage> {
  const normalized = yield* reading(sources, options);
  const { engine, settings } = options;
  const parts = inOrder(batches(normalized.document));
  const raw: RawFinding[] = [];
  let told = 0;
  let next = 1;
  for (const [index, { document }] of parts.entries()) {
    const stage: Stage = { phase: "judge", done: index + 1, total: parts.length };
    try {
      raw.push(...engine.evaluate(document, settings));
    } catch (error) {
      return judged(normalized, options, () => {
        throw error;
      });
    }
    const { first } = parts[index + 1] ?? {};
    // To judge again what is known already costs little where it is done after 1, 2, 4, 8, … parts.
    if (early && first !== undefined && index + 1 === next) {
      next *= 2;
      const certain = raw.filter(({ file }) => file < first).sort(compareRawFindings);
      const { findings } = judged(normalized, options, () => certain);
      stage.findings = findings.slice(told);
      told = findings.length;
    }
    yield stage;
  }
  const report = judged(normalized, options, () => raw.sort(compareRawFindings));
  if (early)
    yield { phase: "judge", done: parts.length, total: parts.length, findings: report.findings.slice(told) };
  return report;
}

const judged = (normalized: NormalizedInputs, options: CheckOptions, evaluate: Engine["evaluate"]): Report =>
  evaluateRules(normalized, { ...options, engine: { rules: options.engine.rules, evaluate } });

/** Parts by the first file that each is about: what the rules find is in the file of the resource. */
function inOrder(documents: Document[]): { document: Document; first: string }[] {
  const firstOf = (document: Document) =>
    entitiesIn(document)
      .map(({ location }) => location.file)
      .reduce((first, file) => (file < first ? file : first));
  return documents
    .map((document) => ({ document, first: firstOf(document) }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}
