import { analyze } from "./analysis/analyze.ts";
import type { RawFinding } from "./engine/engine.ts";
import { type Judgment, judge } from "./engine/judge.ts";
import { failedReport, reportOf } from "./findings/report.ts";
import { withoutTemplatesInRun } from "./formats/cloudformation/nested-stack.ts";
import { guardedFormat } from "./formats/custom.ts";
import { canBeReferenced } from "./formats/index.ts";
import { sensitiveContentOf, sensitiveContentOfText } from "./formats/sensitive.ts";
import { type NormalizedSource, normalizeSource, parseSource } from "./formats/source.ts";
import { orchestrationPart } from "./formats/terraform-source/orchestration.ts";
import { evaluateModulesInSteps, groupModules } from "./formats/terraform-source/root-modules.ts";
import { redacted } from "./link/redact.ts";
import { analyzeSafely, linkSafely } from "./link/safely.ts";
import type { Part } from "./model/format.ts";
import { addToGroup } from "./model/groups.ts";
import { Redactor } from "./model/redactor.ts";
import type { Notice, Report } from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import { runToEnd, type Steps } from "./model/steps.ts";
import type { TerraformModule } from "./model/terraform-module.ts";
import type {
  CheckInput,
  CheckOptions,
  EvaluationOptions,
  NormalizedInputs,
  NormalizeInputsOptions,
} from "./options.ts";
import { isTerraformSource, reasonNothingChecked } from "./parse/kms-content.ts";
import { mayAcknowledge } from "./suppress/acknowledged.ts";
import { applySuppressions } from "./suppress/apply.ts";

/** Parses, normalizes and links the inputs, evaluates the rules and reports. Never throws because of an input. */
export const checkInputs = (inputs: Iterable<CheckInput>, options: CheckOptions): Report =>
  evaluateRules(normalizeInputs(inputs, options), options);

/** Returns the inputs as one document. An input that cannot be read is reported as a problem; the others are kept. */
export const normalizeInputs = (
  inputs: Iterable<CheckInput>,
  options: NormalizeInputsOptions = {},
): NormalizedInputs => runToEnd(normalizeInSteps(inputs, options));

/** Normalizes the inputs step by step and pauses after each source and each root module. */
export function* normalizeInSteps(
  inputs: Iterable<CheckInput>,
  options: NormalizeInputsOptions = {},
): Steps<NormalizedInputs> {
  const { terraform: _, variables: __, variableFiles: ___, formats: customFormats, ...targets } = options;
  const custom = customFormats?.map(guardedFormat);
  const formats = new Set<string>();
  const modules: TerraformModule[] = [];
  const sources = [];
  const orchestrated: Part[] = [];
  for (const input of groupModules(inputs)) {
    if ("directory" in input) {
      modules.push(input);
      if (input.hasNoBlocks !== true) formats.add(TERRAFORM_SOURCE);
    } else {
      const orchestration = orchestrationPart(input);
      if (orchestration !== undefined) {
        orchestrated.push(orchestration);
        formats.add(TERRAFORM_SOURCE);
        continue;
      }
      sources.push(parseSource(input, custom));
      yield { file: input.path };
    }
  }

  const referable = sources.flatMap(({ values }) => values.filter(canBeReferenced));
  const normalized: NormalizedSource[] = [];
  const acknowledged: Source[] = [];
  const notices: Notice[] = [];
  const unrecognized: string[] = [];
  const problems: Problem[] = [];
  for (const parsedSource of sources) {
    const { source } = parsedSource;
    const found = normalizeSource(parsedSource, targets, referable, custom);
    for (const name of found.formats) formats.add(name);
    for (const entry of found.parts) normalized.push(entry);
    if (found.parts.length > 0) continue;
    if (mayAcknowledge(source)) acknowledged.push(source);
    else if (source.path === "-" && isTerraformSource(source.text)) problems.push(terraformOnStdin);
    else if (source.named === true) {
      notices.push({ file: source.path, message: reasonNothingChecked(source) });
      if (found.formats.length === 0) unrecognized.push(source.path);
    }
  }

  const evaluated = yield* evaluateModulesInSteps(modules, options);
  // If a module reads a policy file, the policy belongs to the module's key. The file is then not a standalone policy.
  const isReadByModule = ({ format = "policy", source }: NormalizedSource) =>
    format === "policy" && source.named !== true && evaluated.isRead(source.path);
  const kept = normalized.filter((entry) => !isReadByModule(entry));
  const readPaths = new Set(sources.map(({ source }) => source.path));
  const parts = [...kept.map(({ part }) => withoutTemplatesInRun(part, readPaths)), ...orchestrated];
  const redactor = new Redactor(
    [
      ...sources.flatMap(({ source, values, problem }) =>
        problem === undefined ? values.map(sensitiveContentOf) : sensitiveContentOfText(source.text),
      ),
      ...[...parts, ...evaluated.parts].map(({ sensitive }) => sensitive),
    ].filter((content) => content !== undefined),
  );
  const parsed = byPath([...kept.flatMap((entry) => entry.parsed ?? []), ...evaluated.parsed]);
  // If the account depends on the path, every key already has its owner account.
  const linked = linkSafely([...parts, ...evaluated.parts], targets.targetOf === undefined ? targets : {});
  const analyzed = analyzeSafely(linked.document, analyze);
  return {
    document: redacted(analyzed.document),
    redactor,
    problems: redactor.value([
      ...problems,
      ...parts.flatMap((part) => part.problems),
      ...evaluated.problems,
      ...linked.problems,
      ...analyzed.problems,
    ]),
    notices: redactor.value(notices),
    formats,
    unrecognized,
    parsed,
    acknowledged,
    readPaths: new Set([...readPaths, ...parsed.keys()]),
    isRequested: evaluated.isRequested,
  };
}

/** Evaluates the rules on a normalized document, applies suppressions and reports. Never throws. */
export function evaluateRules(normalized: NormalizedInputs, options: EvaluationOptions): Report {
  const { engine, settings } = options;
  return reportJudgment(() => judge(engine, normalized.document, settings), normalized, options);
}

/** Applies suppressions to the findings of the rules and reports. Never throws, even if `judged` throws. */
export function reportJudgment(
  judged: () => Judgment,
  normalized: NormalizedInputs,
  options: EvaluationOptions,
): Report {
  const { isRequested } = normalized;
  const { engine, levels } = options;
  const withLevel = (finding: RawFinding): RawFinding => {
    const { rule, resource, level, location } = finding;
    return { ...finding, level: levels?.({ rule, file: location.file, resource, level }) ?? level };
  };
  try {
    const { findings, unjudged } = judged();
    const raw = findings
      .filter(({ location, resource }) => isRequested(location.file, resource))
      .map(withLevel);
    // A resource that was not requested, and that the rules cannot evaluate, may have had a part in other verdicts.
    const notEvaluated = normalized.redactor.value(unjudged.map(({ problem }) => problem));
    const problems = [...normalized.problems, ...notEvaluated];
    return reportOf(
      applySuppressions(raw, normalized, options),
      { ...normalized, problems },
      options,
      unjudged.flatMap(({ entities }) => entities),
    );
  } catch (error) {
    return failedReport(error, normalized, engine.rules);
  }
}

function byPath(documents: Parsed[]): Map<string, Parsed[]> {
  const groups = new Map<string, Parsed[]>();
  for (const document of documents) addToGroup(groups, document.source.path, document);
  return groups;
}

const TERRAFORM_SOURCE = "terraform-source";

const terraformOnStdin: Problem = {
  file: "-",
  message: "Standard input contains Terraform source, which Keywarden reads together with its directory.",
  remedy: "Name the file or its directory.",
};
