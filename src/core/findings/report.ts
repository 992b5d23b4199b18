import type { RawFinding } from "../engine/engine.ts";
import { distinct } from "../model/distinct.ts";
import { type Document, type Entity, entitiesIn } from "../model/document.ts";
import {
  type FileSummary,
  type Finding,
  type Report,
  type RuleInfo,
  rulePageUrl,
  type Suppressed,
} from "../model/report.ts";
import type { Parsed } from "../model/source.ts";
import type { EvaluationOptions, NormalizedInputs } from "../options.ts";
import { internalError, isProblem } from "../parse/problem.ts";
import type { SuppressionResult } from "../suppress/apply.ts";
import { applyBaseline } from "../suppress/baseline.ts";
import { excerptOf } from "./excerpt.ts";
import { compareFindings } from "./order.ts";

/** Returns the report on a document: findings that count, exceptions, and what could not be read. */
export function reportOf(
  unsuppressed: SuppressionResult,
  normalized: NormalizedInputs,
  options: EvaluationOptions,
): Report {
  const { document, problems, notices } = normalized;
  const { rules } = options.engine;
  const judged = withoutKnown(unsuppressed, normalized, options);
  const isOn = ({ level }: Finding) => level !== "off";
  const [findings, exceptions] = [judged.findings.filter(isOn), judged.exceptions.filter(isOn)];
  const requested = entitiesIn(document).filter(({ location, resource }) =>
    normalized.isRequested(location.file, resource),
  );
  return {
    findings,
    exceptions,
    rules,
    problems: [...problems, ...judged.problems],
    notices: [...notices, ...judged.notices],
    files: summariesOf(requested, [...findings, ...exceptions], rules.length),
    dataVersion: document.dataVersion,
  };
}

/** Returns the report of a check that failed. It always has a problem: without one it would look like a pass. */
export function failedReport(error: unknown, normalized: NormalizedInputs, rules: RuleInfo[]): Report {
  const { document, problems, notices, parsed } = normalized;
  const files = parsed.size === 0 ? ["-"] : [...parsed.keys()];
  return {
    findings: [],
    exceptions: [],
    rules,
    problems: [...problems, ...files.map((file) => internalError(file, error))],
    notices,
    files: [],
    dataVersion: document.dataVersion,
  };
}

/** Returns the findings that the baseline does not know, and as exceptions those that it knows. */
function withoutKnown(
  unsuppressed: SuppressionResult,
  { document, parsed, readPaths: read, isRequested }: NormalizedInputs,
  { baseline }: EvaluationOptions,
): Pick<Report, "findings" | "exceptions" | "problems" | "notices"> {
  // A module that several root modules call is judged for each of them, mostly with the same findings.
  const reported = (list: (RawFinding & { suppressed?: Suppressed })[]) =>
    distinct(list.map((finding) => findingOf(finding, document, parsed)));
  const findings = reported(unsuppressed.findings);
  const exceptions = reported(unsuppressed.exceptions);
  const { problems } = unsuppressed;
  const notices = unsuppressed.notices.filter(({ file }) => isRequested(file, ""));
  if (baseline === undefined) return { findings, exceptions, problems, notices };
  const known = applyBaseline(findings, baseline, read);
  if (isProblem(known)) return { findings, exceptions, problems: [...problems, known], notices };
  return {
    findings: known.findings,
    exceptions: [...exceptions, ...known.exceptions].sort(compareFindings),
    problems,
    notices: [...notices, ...known.notices],
  };
}

function findingOf(
  { file: _, statement, suppressed, ...raw }: RawFinding & { suppressed?: Suppressed },
  document: Document,
  parsed: Map<string, Parsed[]>,
): Finding {
  const texts = parsed.get(raw.location.file) ?? [];
  const { line } = raw.location;
  const text = texts.findLast(({ locate }) => locate("").start.line <= line) ?? texts[0];
  const excerpt = text && excerptOf(text, raw.location, document);
  return {
    rule: raw.rule,
    level: raw.level,
    verdict: raw.verdict,
    resource: raw.resource,
    message: raw.message,
    location: raw.location,
    ...(statement === null ? {} : { statement }),
    title: raw.title,
    why: raw.why,
    remediation: raw.remediation,
    url: rulePageUrl(raw.rule),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(suppressed === undefined ? {} : { suppressed }),
  };
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
