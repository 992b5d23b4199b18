import type { RawFinding } from "./engine/engine.ts";
import { failedReport, reportOf } from "./findings/report.ts";
import { guardedFormat } from "./formats/custom.ts";
import { canBeReferenced } from "./formats/index.ts";
import { evaluatingModules, grouped } from "./formats/terraform-source/root-modules.ts";
import { type NormalizedText, normalizeText, parseText } from "./formats/text.ts";
import { link } from "./link/link.ts";
import type { Notice, Report } from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import { finished, type Steps } from "./model/steps.ts";
import type { TerraformModule } from "./model/terraform-module.ts";
import type { CheckOptions, Input, JudgeOptions, Normalized, NormalizeOptions } from "./options.ts";
import { isTerraformText, reasonNothingFound } from "./parse/kms-content.ts";
import { mayAcknowledge } from "./suppress/acknowledged.ts";
import { applySuppressions } from "./suppress/apply.ts";

/** Parses, normalizes, links, evaluates and reports. Never throws because of what an input contains. */
export const check = (inputs: Iterable<Input>, options: CheckOptions): Report =>
  judge(normalize(inputs, options), options);

/** Returns the inputs as one document. An input that cannot be read becomes a problem; the others go on. */
export const normalize = (inputs: Iterable<Input>, options: NormalizeOptions = {}): Normalized =>
  finished(normalizing(inputs, options));

/** Normalizes step by step: pauses after each text and each root module. */
export function* normalizing(inputs: Iterable<Input>, options: NormalizeOptions = {}): Steps<Normalized> {
  const { terraform: _, variables: __, variableFiles: ___, formats, ...targets } = options;
  const custom = formats?.map(guardedFormat);
  const modules: TerraformModule[] = [];
  const texts = [];
  for (const input of grouped(inputs)) {
    if ("directory" in input) modules.push(input);
    else {
      texts.push(parseText(input, custom));
      yield { text: input.path };
    }
  }

  const referable = texts.flatMap(({ values }) => values.filter(canBeReferenced));
  const normalized: NormalizedText[] = [];
  const acknowledged: Source[] = [];
  const notices: Notice[] = [];
  const problems: Problem[] = [];
  for (const text of texts) {
    const { source } = text;
    const found = normalizeText(text, targets, referable, custom);
    normalized.push(...found);
    if (found.length > 0) continue;
    if (mayAcknowledge(source)) acknowledged.push(source);
    else if (source.path === "-" && isTerraformText(source.text)) problems.push(terraformOnStdin);
    else if (source.named === true) notices.push({ file: source.path, message: reasonNothingFound(source) });
  }

  const evaluated = yield* evaluatingModules(modules, options);
  // A module that reads a policy file says which key the policy belongs to: the file is not a policy by itself.
  const isReadByModule = ({ format = "policy", source }: NormalizedText) =>
    format === "policy" && source.named !== true && evaluated.isRead(source.path);
  const kept = normalized.filter((text) => !isReadByModule(text));
  const parts = kept.map(({ part }) => part);
  const parsed = byPath([...kept.flatMap((text) => text.parsed ?? []), ...evaluated.parsed]);
  return {
    // If the account depends on the path, each key has its account already.
    document: link([...parts, ...evaluated.parts], targets.placeOf === undefined ? targets : {}),
    problems: [...problems, ...parts.flatMap((part) => part.problems), ...evaluated.problems],
    notices: [...notices, ...evaluated.notices],
    parsed,
    acknowledged,
    read: new Set([...texts.map(({ source }) => source.path), ...parsed.keys()]),
    isRequested: evaluated.isRequested,
  };
}

/** Evaluates the rules on a normalized document, applies suppressions and reports. Never throws. */
export function judge(normalized: Normalized, options: JudgeOptions): Report {
  const { document, isRequested } = normalized;
  const { engine, settings, levels } = options;
  const withLevel = (finding: RawFinding): RawFinding => {
    const { rule, resource, level, location } = finding;
    return { ...finding, level: levels?.({ rule, file: location.file, resource, level }) ?? level };
  };
  try {
    const raw = engine
      .evaluate(document, settings)
      .filter(({ location, resource }) => isRequested(location.file, resource))
      .map(withLevel);
    return reportOf(applySuppressions(raw, normalized, options), normalized, options);
  } catch (error) {
    return failedReport(error, normalized, engine.rules);
  }
}

function byPath(texts: Parsed[]): Map<string, Parsed[]> {
  const found = new Map<string, Parsed[]>();
  for (const text of texts) {
    const same = found.get(text.source.path);
    if (same === undefined) found.set(text.source.path, [text]);
    else same.push(text);
  }
  return found;
}

const terraformOnStdin: Problem = {
  file: "-",
  message: "Standard input contains Terraform source, which Keywarden reads together with its directory.",
  remedy: "Name the file or its directory.",
};
