import type { RawFinding } from "../engine/engine.ts";
import { distinct } from "../model/distinct.ts";
import { type Entity, entitiesIn } from "../model/document.ts";
import { withReplacingRule } from "../model/open-questions.ts";
import type { Redactor } from "../model/redactor.ts";
import {
  type FileSummary,
  type Finding,
  type Report,
  type RuleInfo,
  rulePageUrl,
  type Suppressed,
} from "../model/report.ts";
import type { UnseenPart } from "../model/source.ts";
import { truncated } from "../model/truncated.ts";
import type { EvaluationOptions, NormalizedInputs } from "../options.ts";
import { internalError, isProblem } from "../parse/problem.ts";
import type { SuppressionResult } from "../suppress/apply.ts";
import { applyBaseline } from "../suppress/baseline.ts";
import { excerptOf } from "./excerpt.ts";
import { compareFindings } from "./order.ts";

/** Returns the report of a check: findings, exceptions, problems and notices. No rule passed the `unjudged` entities. */
export function reportOf(
  afterSuppressions: SuppressionResult,
  normalized: NormalizedInputs,
  options: EvaluationOptions,
  unjudged: Entity[] = [],
): Report {
  const { document, problems, notices, redactor } = normalized;
  const excluded = new Set(unjudged);
  const { engine, failOnUnknown } = options;
  const { rules } = engine;
  const afterBaseline = withBaselineApplied(afterSuppressions, normalized, options);
  const isOn = ({ level }: Finding) => level !== "off";
  const [findings, exceptions] = [afterBaseline.findings.filter(isOn), afterBaseline.exceptions.filter(isOn)];
  const requested = entitiesIn(document).filter(
    (entity) => !excluded.has(entity) && normalized.isRequested(entity.location.file, entity.resource),
  );
  return {
    findings,
    exceptions,
    rules,
    problems: [...problems, ...redactor.value(afterBaseline.problems)],
    unseen: unseenIn(normalized),
    notices: [...notices, ...redactor.value(afterBaseline.notices)],
    files: summariesOf(requested, [...findings, ...exceptions], rules.length),
    dataVersion: document.dataVersion,
    ...(failOnUnknown === undefined || failOnUnknown === false
      ? {}
      : { failOnUnknown: withReplacingRule(failOnUnknown, rules) }),
  };
}

/** Returns the report of a failed check. It always has a problem; otherwise it would look like a pass. */
export function failedReport(error: unknown, normalized: NormalizedInputs, rules: RuleInfo[]): Report {
  const { document, problems, notices, parsed, redactor } = normalized;
  const files = parsed.size === 0 ? ["-"] : [...parsed.keys()];
  return {
    findings: [],
    exceptions: [],
    rules,
    problems: [...problems, ...redactor.value(files.map((file) => internalError(file, error)))],
    unseen: unseenIn(normalized),
    notices,
    files: [],
    dataVersion: document.dataVersion,
  };
}

/** Returns the unseen parts of the requested resources once each, in reading order. */
const unseenIn = ({ document, isRequested, redactor }: NormalizedInputs): UnseenPart[] =>
  distinct(
    redactor
      .value(document.unseen ?? [])
      .filter(({ file, resource }) => isRequested(file, resource ?? ""))
      .sort(
        (a, b) =>
          Number(a.file > b.file) - Number(a.file < b.file) ||
          (a.line ?? 0) - (b.line ?? 0) ||
          Number(a.subject > b.subject) - Number(a.subject < b.subject),
      ),
  );

/** Moves findings that are in the baseline to the exceptions. */
function withBaselineApplied(
  afterSuppressions: SuppressionResult,
  normalized: NormalizedInputs,
  { baseline }: EvaluationOptions,
): Pick<Report, "findings" | "exceptions" | "problems" | "notices"> {
  const { readPaths: checkedPaths, isRequested } = normalized;
  // A module that several root modules call is evaluated for each of them, often with identical findings.
  // Baselines and fingerprints are hashes of findings, and a hash of a short secret can be guessed: redact first.
  const reported = (list: (RawFinding & { suppressed?: Suppressed })[]) =>
    distinct(list.map((finding) => findingOf(finding, normalized)));
  const findings = reported(afterSuppressions.findings);
  const exceptions = reported(afterSuppressions.exceptions);
  const { problems } = afterSuppressions;
  const notices = afterSuppressions.notices.filter(({ file }) => isRequested(file, ""));
  if (baseline === undefined) return { findings, exceptions, problems, notices };
  const known = applyBaseline(findings, baseline, checkedPaths);
  if (isProblem(known)) return { findings, exceptions, problems: [...problems, known], notices };
  return {
    findings: known.findings,
    exceptions: [...exceptions, ...known.exceptions].sort(compareFindings),
    problems,
    notices: [...notices, ...known.notices],
  };
}

/**
 * Limits in characters. A finding quotes names and values of the input, and one name can occur in each of a thousand
 * findings.
 */
const MAX_NAME = 500;
const MAX_MESSAGE = 2000;
const MAX_LIST = 20;

/** Redacts before it truncates, because the beginning of a sensitive text is no longer recognized. */
const redactedTo = (limit: number, text: string, redactor: Redactor): string =>
  truncated(redactor.text(truncated(text, 2 * limit)), limit);

const truncatedList = (list: string[], redactor: Redactor): string[] => [
  ...list.slice(0, MAX_LIST).map((item) => redactedTo(MAX_NAME, item, redactor)),
  ...(list.length > MAX_LIST ? [`… and ${list.length - MAX_LIST} more`] : []),
];

function findingOf(
  { file: _, statement, suppressed, ...raw }: RawFinding & { suppressed?: Suppressed },
  { document, parsed, redactor }: NormalizedInputs,
): Finding {
  const documents = parsed.get(raw.location.file) ?? [];
  const { line } = raw.location;
  const source = documents.findLast(({ locate }) => locate("").start.line <= line) ?? documents[0];
  const excerpt = source && excerptOf(source, raw.location, document, redactor);
  return redactor.value({
    rule: raw.rule,
    level: raw.level,
    verdict: raw.verdict,
    resource: redactedTo(MAX_NAME, raw.resource, redactor),
    message: redactedTo(MAX_MESSAGE, raw.message, redactor),
    ...(raw.causes === undefined ? {} : { causes: truncatedList(raw.causes, redactor) }),
    ...(raw.failsIf === undefined ? {} : { failsIf: truncatedList(raw.failsIf, redactor) }),
    location: raw.location,
    ...(statement === null ? {} : { statement: redactedTo(MAX_NAME, statement, redactor) }),
    title: raw.title,
    why: raw.why,
    remediation: raw.remediation,
    url: rulePageUrl(raw.rule),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(suppressed === undefined ? {} : { suppressed }),
  });
}

function summariesOf(entities: Entity[], findings: Finding[], rules: number): FileSummary[] {
  const resources = new Map<string, Set<string>>();
  for (const { scope, resource, location } of entities)
    resources.set(location.file, (resources.get(location.file) ?? new Set()).add(`${scope} ${resource}`));
  const reported = new Map<string, Set<string>>();
  for (const { location, rule } of findings)
    reported.set(location.file, (reported.get(location.file) ?? new Set()).add(rule));
  return [...resources]
    .map(([file, names]) => ({
      file,
      resources: names.size,
      passed: rules - (reported.get(file)?.size ?? 0),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
