import type { RawFinding } from "../engine/engine.ts";
import type { Notice, Suppressed } from "../model/report.ts";
import type { Problem } from "../model/source.ts";
import type { EvaluationOptions, NormalizedInputs } from "../options.ts";
import { isProblem } from "../parse/problem.ts";
import { acknowledgedSuppressions } from "./acknowledged.ts";
import { CommentTargets } from "./comment-targets.ts";
import { commentSuppressions } from "./comments.ts";
import { fileSuppressions } from "./file.ts";
import { resourceSuppressions } from "./metadata.ts";
import { activeSuppressions, noticeAt, type Suppression, subject } from "./suppression.ts";

export interface SuppressionResult {
  findings: RawFinding[];
  exceptions: (RawFinding & { suppressed: Suppressed })[];
  /** Suppressions that have no effect or match no finding. */
  notices: Notice[];
  problems: Problem[];
}

/** Separates suppressed findings (`exceptions`) from the other findings. */
export function applySuppressions(
  findings: RawFinding[],
  normalized: NormalizedInputs,
  options: EvaluationOptions,
): SuppressionResult {
  const { suppressions, notices, problems } = collectSuppressions(normalized, options);
  const byRule = new Map<string, Suppression[]>();
  for (const suppression of suppressions) {
    const others = byRule.get(suppression.rule);
    if (others === undefined) byRule.set(suppression.rule, [suppression]);
    else others.push(suppression);
  }
  const used = new Set<Suppression>();
  const kept: RawFinding[] = [];
  const exceptions: SuppressionResult["exceptions"] = [];
  for (const finding of findings) {
    const matching = (byRule.get(finding.rule) ?? []).filter(({ matches }) => matches(finding));
    for (const suppression of matching) used.add(suppression);
    const [first] = matching;
    if (first === undefined) kept.push(finding);
    else exceptions.push({ ...finding, suppressed: first.suppressed });
  }
  const unused = suppressions
    .filter((suppression) => !used.has(suppression) && suppression.outsideInputs !== true)
    .map(({ rule, location }) => noticeAt(location, `${subject([rule])} matches no finding: remove it.`));
  return { findings: kept, exceptions, notices: [...notices, ...unused], problems };
}

/** Returns the active suppressions, and notices about the others. */
function collectSuppressions(
  { document, parsed, acknowledged }: NormalizedInputs,
  { suppressions: suppressionFiles = [], engine, inlineSuppressions = true, today }: EvaluationOptions,
): { suppressions: Suppression[]; notices: Notice[]; problems: Problem[] } {
  const targets = new CommentTargets(document);
  const files = [...parsed.values()].flatMap(([first]) => first ?? []);
  const inFiles = suppressionFiles.map((file) => fileSuppressions(file, document));
  const inInputs = [
    ...files.flatMap((file) => commentSuppressions(file, targets)),
    ...resourceSuppressions(document),
    ...acknowledged.flatMap((source) => acknowledgedSuppressions(source, document)),
  ];
  const entries = [
    ...(inlineSuppressions
      ? inInputs
      : inInputs.map((entry) => ({ ...entry, invalidReason: "this run accepts suppression files only" }))),
    ...inFiles.flatMap((list) => (isProblem(list) ? [] : list)),
  ];
  const rules = engine.rules.map(({ id }) => id);
  const date = today ?? new Date().toISOString().slice(0, 10);
  return { ...activeSuppressions(entries, rules, date), problems: inFiles.filter(isProblem) };
}
