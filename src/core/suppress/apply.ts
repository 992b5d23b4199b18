import type { RawFinding } from "../engine/engine.ts";
import type { Notice, Suppressed } from "../model/report.ts";
import type { Problem } from "../model/source.ts";
import type { JudgeOptions, Normalized } from "../options.ts";
import { isProblem } from "../parse/problem.ts";
import { suppressionsAcknowledged } from "./acknowledged.ts";
import { Units } from "./comment-targets.ts";
import { suppressionsInComments } from "./comments.ts";
import { suppressionsInFile } from "./file.ts";
import { suppressionsInMetadata } from "./metadata.ts";
import { counting, noticeAt, type Suppression, subject } from "./suppression.ts";

export interface Unsuppressed {
  findings: RawFinding[];
  /** Suppressed findings. */
  exceptions: (RawFinding & { suppressed: Suppressed })[];
  /** Suppressions that do not count, and suppressions without a finding. */
  notices: Notice[];
  problems: Problem[];
}

/** Separates the findings that a suppression covers from those that count. */
export function applySuppressions(
  findings: RawFinding[],
  normalized: Normalized,
  options: JudgeOptions,
): Unsuppressed {
  const { suppressions, notices, problems } = suppressionsIn(normalized, options);
  const byRule = new Map<string, Suppression[]>();
  for (const one of suppressions) byRule.set(one.rule, [...(byRule.get(one.rule) ?? []), one]);
  const used = new Set<Suppression>();
  const kept: RawFinding[] = [];
  const exceptions: Unsuppressed["exceptions"] = [];
  for (const finding of findings) {
    const covering = (byRule.get(finding.rule) ?? []).filter(({ covers }) => covers(finding));
    for (const one of covering) used.add(one);
    const [first] = covering;
    if (first === undefined) kept.push(finding);
    else exceptions.push({ ...finding, suppressed: first.suppressed });
  }
  const unused = suppressions
    .filter((one) => !used.has(one) && one.elsewhere !== true)
    .map(({ rule, location }) =>
      noticeAt(location, `${subject([rule])} suppresses nothing here: remove it.`),
    );
  return { findings: kept, exceptions, notices: [...notices, ...unused], problems };
}

/** Returns the suppressions that count, and notices about the others. */
function suppressionsIn(
  { document, parsed, acknowledged }: Normalized,
  { suppressions: files = [], engine, inlineSuppressions = true, today }: JudgeOptions,
): { suppressions: Suppression[]; notices: Notice[]; problems: Problem[] } {
  const units = new Units(document);
  const texts = [...parsed.values()].flatMap(([first]) => (first === undefined ? [] : [first.source]));
  const read = files.map((file) => suppressionsInFile(file, document));
  const inInputs = [
    ...texts.flatMap((source) => suppressionsInComments(source, units)),
    ...suppressionsInMetadata(document),
    ...acknowledged.flatMap((source) => suppressionsAcknowledged(source, document)),
  ];
  const written = [
    ...(inlineSuppressions
      ? inInputs
      : inInputs.map((one) => ({ ...one, wrong: "only suppression files count in this run" }))),
    ...read.flatMap((entries) => (isProblem(entries) ? [] : entries)),
  ];
  const rules = engine.rules.map(({ id }) => id);
  const date = today ?? new Date().toISOString().slice(0, 10);
  return { ...counting(written, rules, date), problems: read.filter(isProblem) };
}
