import type { Engine, RawFinding, Settings } from "./engine/engine.ts";
import { excerptOf } from "./excerpt.ts";
import { formatOf, looksLikeOurs, mayHoldKeys, parse } from "./formats/index.ts";
import { link } from "./link.ts";
import { type Document, entitiesOf } from "./model/document.ts";
import { emptyPart, type Options, type Part } from "./model/format.ts";
import type { FileSummary, Finding, Notice, Report } from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import { isProblem } from "./parse/problem.ts";

/** What was read: the document that the rules judge, and the texts that it comes from. */
export interface Normalized {
  document: Document;
  problems: Problem[];
  notices: Notice[];
  /** Of each file with KMS content. */
  parsed: Map<string, Parsed[]>;
}

/** Of a check: `settings` are the rules' own, by rule. */
export type CheckOptions = Options & { engine: Engine; settings?: Settings };

/** The whole way: parse, normalize, link, evaluate, report. Never throws for what stands in a source. */
export function check(sources: Iterable<Source>, options: CheckOptions): Report {
  const { document, problems, notices, parsed } = normalize(sources, options);
  const report = { notices, dataVersion: document.dataVersion };
  try {
    const raw = options.engine.evaluate(document, options.settings).filter(({ level }) => level !== "off");
    const findings = raw.map((finding) => findingOf(finding, document, parsed));
    return {
      ...report,
      findings,
      problems,
      files: summaries(document, findings, options.engine.rules.length),
    };
  } catch (error) {
    const failed = [...parsed.keys()].map((file) => internalError(file, error));
    return { ...report, findings: [], problems: [...problems, ...failed], files: [] };
  }
}

/** The sources as one document. A source that cannot be read is a problem, and the others go on. */
export function normalize(sources: Iterable<Source>, options: Options = {}): Normalized {
  const parts: Part[] = [];
  const notices: Notice[] = [];
  const parsed = new Map<string, Parsed[]>();
  for (const source of sources) {
    const read = partsOf(source, options);
    const ours = read.filter(({ part }) => Object.values(part).some((list) => list.length > 0));
    if (ours.length === 0 && source.named === true)
      notices.push({ file: source.path, message: nothingIn(source) });
    parts.push(...ours.map(({ part }) => part));
    const texts = ours.flatMap((item) => item.parsed ?? []);
    if (texts.length > 0) parsed.set(source.path, texts);
  }
  const document = link(parts, options);
  return { document, problems: parts.flatMap((part) => part.problems), notices, parsed };
}

/** Why a file that was named has nothing to check: conditions may be false, and a plan may only delete. */
const nothingIn = ({ text }: Source): string =>
  /AWS::KMS::\w|aws_kms_\w/.test(text)
    ? "creates and keeps no KMS key, alias or grant (conditions are judged by the parameters' defaults): nothing checked"
    : "holds no KMS key, alias, grant or key policy: nothing checked";

function partsOf(source: Source, options: Options): { part: Part; parsed?: Parsed }[] {
  const failed = (problem: Problem) => [{ part: { ...emptyPart(), problems: [problem] } }];
  try {
    if (source.named !== true && !mayHoldKeys(source)) return [];
    const values = parse(source);
    if (isProblem(values)) return source.named === true || looksLikeOurs(source) ? failed(values) : [];
    return values.flatMap((parsed) => {
      const format = formatOf(parsed);
      return format === undefined ? [] : [{ part: format.normalize(parsed, options), parsed }];
    });
  } catch (error) {
    return failed(internalError(source.path, error));
  }
}

const internalError = (file: string, error: unknown): Problem => ({
  file,
  message: `Keywarden failed with an internal error: ${error instanceof Error ? error.message : String(error)}`,
  remedy: "Please report it, with the smallest input that shows it.",
});

const pages = "https://github.com/keywarden/keywarden/blob/main/docs/rules";

function findingOf(
  { file: _, statement, ...raw }: RawFinding,
  document: Document,
  parsed: Map<string, Parsed[]>,
): Finding {
  const texts = parsed.get(raw.location.file) ?? [];
  const { line } = raw.location;
  const text = texts.findLast((t) => t.locate("").start.line <= line) ?? texts[0];
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
    url: `${pages}/${raw.rule}.md`,
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

function summaries(document: Document, findings: Finding[], rules: number): FileSummary[] {
  const resources = new Map<string, Set<string>>();
  for (const { scope, resource, location } of entitiesOf(document))
    resources.set(location.file, (resources.get(location.file) ?? new Set()).add(`${scope} ${resource}`));
  const spoken = new Map<string, Set<string>>();
  for (const { location, rule } of findings)
    spoken.set(location.file, (spoken.get(location.file) ?? new Set()).add(rule));
  return [...resources]
    .map(([file, names]) => ({
      file,
      resources: names.size,
      passed: rules - (spoken.get(file)?.size ?? 0),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
