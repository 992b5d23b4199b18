import { distinct, evaluateConfigurations, grouped, type TerraformOptions } from "./configurations.ts";
import type { Engine, RawFinding, Settings } from "./engine/engine.ts";
import { excerptOf } from "./excerpt.ts";
import { formatOf, looksLikeOurs, mayHoldKeys, parse } from "./formats/index.ts";
import { link } from "./link.ts";
import type { Configuration } from "./model/configuration.ts";
import { type Document, type Entity, entitiesOf } from "./model/document.ts";
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
  /** Whether a resource that stands in a file was asked for: a file of a configuration brings its neighbours along. */
  isAsked(file: string, resource: string): boolean;
}

/** A text, or a directory with Terraform files. */
export type Input = Source | Configuration;

export type NormalizeOptions = Options & TerraformOptions;

/** Of a check: `settings` are the rules' own, by rule. */
export type CheckOptions = NormalizeOptions & { engine: Engine; settings?: Settings };

/** The whole way: parse, normalize, link, evaluate, report. Never throws for what stands in an input. */
export function check(inputs: Iterable<Input>, options: CheckOptions): Report {
  const { document, problems, notices, parsed, isAsked } = normalize(inputs, options);
  const report = { notices, dataVersion: document.dataVersion };
  const asked = entitiesOf(document).filter(({ location, resource }) => isAsked(location.file, resource));
  try {
    const raw = options.engine
      .evaluate(document, options.settings)
      .filter(({ level, location, resource }) => level !== "off" && isAsked(location.file, resource));
    // A module that several configurations call is judged for each of them, and mostly alike.
    const findings = distinct(raw.map((finding) => findingOf(finding, document, parsed)));
    return {
      ...report,
      findings,
      problems,
      files: summaries(asked, findings, options.engine.rules.length),
    };
  } catch (error) {
    const failed = [...parsed.keys()].map((file) => internalError(file, error));
    return { ...report, findings: [], problems: [...problems, ...failed], files: [] };
  }
}

/** The inputs as one document. One that cannot be read is a problem, and the others go on. */
export function normalize(inputs: Iterable<Input>, options: NormalizeOptions = {}): Normalized {
  const { terraform, variables, variableFiles, ...own } = options;
  const found: Found[] = [];
  const notices: Notice[] = [];
  const configurations: Configuration[] = [];
  for (const input of grouped(inputs)) {
    if ("directory" in input) {
      configurations.push(input);
      continue;
    }
    const ours = partsOf(input, own).filter(({ part }) =>
      Object.values(part).some((list) => list.length > 0),
    );
    if (ours.length === 0 && input.named === true)
      notices.push({ file: input.path, message: nothingIn(input) });
    found.push(...ours);
  }
  const evaluated = evaluateConfigurations(configurations, options);
  // The configuration says what the text becomes, and whose it is.
  const isJudgedThere = ({ format = "policy", source }: Found) =>
    format === "policy" && source.named !== true && evaluated.isRead(source.path);
  const kept = found.filter((one) => !isJudgedThere(one));
  const parsed = new Map<string, Parsed[]>();
  for (const text of [...kept.flatMap((one) => one.parsed ?? []), ...evaluated.parsed]) {
    const texts = parsed.get(text.source.path);
    if (texts === undefined) parsed.set(text.source.path, [text]);
    else texts.push(text);
  }
  const parts = kept.map(({ part }) => part);
  const document = link([...parts, ...evaluated.parts], own);
  return {
    document,
    problems: [...parts.flatMap((part) => part.problems), ...evaluated.problems],
    notices: [...notices, ...evaluated.notices],
    parsed,
    isAsked: evaluated.isAsked,
  };
}

/** What was made of one text. */
interface Found {
  source: Source;
  part: Part;
  /** Absent where it cannot be parsed. */
  format?: string;
  parsed?: Parsed;
}

/** Why a file that was named has nothing to check: conditions may be false, and a plan may only delete. */
const nothingIn = ({ text }: Source): string =>
  /AWS::KMS::\w|aws_kms_\w/.test(text)
    ? "creates and keeps no KMS key, alias or grant (conditions are judged by the parameters' defaults): nothing checked"
    : "holds no KMS key, alias, grant or key policy: nothing checked";

function partsOf(source: Source, options: Options): Found[] {
  const failed = (problem: Problem) => [{ source, part: { ...emptyPart(), problems: [problem] } }];
  try {
    if (source.named !== true && !mayHoldKeys(source)) return [];
    const values = parse(source);
    if (isProblem(values)) return source.named === true || looksLikeOurs(source) ? failed(values) : [];
    return values.flatMap((parsed) => {
      const format = formatOf(parsed);
      if (format === undefined) return [];
      return [{ source, part: format.normalize(parsed, options), format: format.name, parsed }];
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

function summaries(entities: Entity[], findings: Finding[], rules: number): FileSummary[] {
  const resources = new Map<string, Set<string>>();
  for (const { scope, resource, location } of entities)
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
