import type { Document } from "../model/document.ts";
import type { Notice, Suppressed } from "../model/report.ts";
import type { Parsed, Problem, Source } from "../model/source.ts";
import { isProblem } from "../parse/problem.ts";
import { suppressionsAcknowledged } from "./acknowledged.ts";
import { suppressionsInComments } from "./comments.ts";
import { suppressionsInFile } from "./file.ts";
import { suppressionsInMetadata } from "./metadata.ts";
import { counting, type Judged, noticeAt, type Suppression, subject } from "./suppression.ts";
import { Units } from "./units.ts";

export interface SuppressionSources {
  document: Document;
  /** The texts that the document comes from: their comments are read. */
  parsed: Map<string, Parsed[]>;
  /** Files of suppressions. */
  files: Source[];
  /** Files in which the CDK notes what was acknowledged. */
  acknowledged: Source[];
  /** The names of all rules. */
  rules: readonly string[];
  /** YYYY-MM-DD. */
  today: string;
  /** Whether what an input says about itself counts; else files alone do. */
  inline: boolean;
}

/** Everything that suppresses findings, and remarks about what does not count. */
export function suppressionsIn({
  document,
  parsed,
  files,
  acknowledged,
  rules,
  today,
  inline,
}: SuppressionSources): {
  suppressions: Suppression[];
  notices: Notice[];
  problems: Problem[];
} {
  const units = new Units(document);
  const texts = [...parsed.values()].flatMap(([first]) => (first === undefined ? [] : [first.source]));
  const read = files.map((file) => suppressionsInFile(file, document));
  const inInputs = [
    ...texts.flatMap((source) => suppressionsInComments(source, units)),
    ...suppressionsInMetadata(document),
    ...acknowledged.flatMap((source) => suppressionsAcknowledged(source, document)),
  ];
  const written = [
    ...(inline ? inInputs : inInputs.map((one) => ({ ...one, wrong: "here only files of suppressions do" }))),
    ...read.flatMap((entries) => (isProblem(entries) ? [] : entries)),
  ];
  return { ...counting(written, rules, today), problems: read.filter(isProblem) };
}

/** Findings that count, those that do not, and the suppressions that there was nothing for. */
export function applySuppressions<F extends Judged>(
  findings: F[],
  suppressions: Suppression[],
): { findings: F[]; exceptions: (F & { suppressed: Suppressed })[]; notices: Notice[] } {
  const byRule = new Map<string, Suppression[]>();
  for (const one of suppressions) byRule.set(one.rule, [...(byRule.get(one.rule) ?? []), one]);
  const used = new Set<Suppression>();
  const kept: F[] = [];
  const exceptions: (F & { suppressed: Suppressed })[] = [];
  for (const finding of findings) {
    const covering = (byRule.get(finding.rule) ?? []).filter(({ covers }) => covers(finding));
    for (const one of covering) used.add(one);
    const [first] = covering;
    if (first === undefined) kept.push(finding);
    else exceptions.push({ ...finding, suppressed: first.suppressed });
  }
  const unused = suppressions.filter((one) => !used.has(one) && one.elsewhere !== true);
  const notices = unused.map(({ rule, location }) =>
    noticeAt(location, `${subject([rule])} suppresses nothing here: take it out.`),
  );
  return { findings: kept, exceptions, notices };
}
