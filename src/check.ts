import { distinct, evaluatingConfigurations, grouped, type TerraformOptions } from "./configurations.ts";
import type { Engine, RawFinding, Settings } from "./engine/engine.ts";
import { excerptOf } from "./excerpt.ts";
import { formatOf, looksLikeOurs, mayHoldKeys, parse, standsBeside } from "./formats/index.ts";
import { link } from "./link.ts";
import type { Configuration } from "./model/configuration.ts";
import { type Document, type Entity, entitiesOf } from "./model/document.ts";
import { emptyPart, type Options, optionsAt, ownedBy, type Part, type Placed } from "./model/format.ts";
import { messageOf } from "./model/message.ts";
import {
  type FileSummary,
  type Finding,
  type Level,
  type Notice,
  pageOf,
  type Report,
  type Suppressed,
} from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import { finished, type Steps } from "./model/steps.ts";
import { isProblem } from "./parse/problem.ts";
import { mayAcknowledge } from "./suppress/acknowledged.ts";
import { applyBaseline } from "./suppress/baseline.ts";
import { applySuppressions, suppressionsIn } from "./suppress/suppress.ts";

/** What was read: the document that the rules judge, and the texts that it comes from. */
export interface Normalized {
  document: Document;
  problems: Problem[];
  notices: Notice[];
  /** Of each file with KMS content. */
  parsed: Map<string, Parsed[]>;
  /** All files that were looked at. */
  read: Set<string>;
  /** Files in which the CDK notes what was acknowledged. */
  acknowledged: Source[];
  /** Whether a resource that stands in a file was asked for: a file of a configuration brings its neighbours along. */
  isAsked(file: string, resource: string): boolean;
}

/** A text, or a directory with Terraform files. */
export type Input = Source | Configuration;

export type NormalizeOptions = Options & Placed & TerraformOptions;

export type CheckOptions = NormalizeOptions & {
  engine: Engine;
  /** The rules' own, by rule. */
  settings?: Settings;
  /** The level of each finding, where it is not the one that its rule gives it. */
  levels?: (finding: { rule: string; file: string; resource: string; level: Level }) => Level;
  /** Files of suppressions. Those in comments and metadata count by themselves. */
  suppressions?: Source[];
  /** Findings that were known before, as `baselineOf` writes them. */
  baseline?: Source;
  /** Whether suppressions in the inputs themselves, in comments and metadata, count; they do without a word. */
  inlineSuppressions?: boolean;
  /** YYYY-MM-DD, by which suppressions end. By default today's date, in UTC. */
  today?: string;
};

/** The whole way: parse, normalize, link, evaluate, suppress, report. Never throws for what stands in an input. */
export const check = (inputs: Iterable<Input>, options: CheckOptions): Report =>
  judge(normalize(inputs, options), options);

/** What the rules say about what was read. Never throws. */
export function judge(normalized: Normalized, options: Omit<CheckOptions, keyof NormalizeOptions>): Report {
  const { rules } = options.engine;
  const { document, isAsked, problems, notices, parsed } = normalized;
  const asked = entitiesOf(document).filter(({ location, resource }) => isAsked(location.file, resource));
  try {
    const raw = options.engine
      .evaluate(document, options.settings)
      .filter(({ location, resource }) => isAsked(location.file, resource))
      .map((finding) => ({ ...finding, level: levelOf(finding, options) }));
    const judged = withoutSuppressed(raw, normalized, options);
    const isOn = ({ level }: Finding) => level !== "off";
    const [findings, exceptions] = [judged.findings.filter(isOn), judged.exceptions.filter(isOn)];
    return {
      findings,
      exceptions,
      rules,
      problems: [...problems, ...judged.problems],
      notices: [...notices, ...judged.notices],
      files: summaries(asked, [...findings, ...exceptions], rules.length),
      dataVersion: document.dataVersion,
    };
  } catch (error) {
    // Never none: without a problem it would look like a pass.
    const files = parsed.size === 0 ? ["-"] : [...parsed.keys()];
    const failed = files.map((file) => internalError(file, error));
    return {
      findings: [],
      exceptions: [],
      rules,
      problems: [...problems, ...failed],
      notices,
      files: [],
      dataVersion: document.dataVersion,
    };
  }
}

const levelOf = (
  { rule, location, resource, level }: RawFinding,
  { levels }: Pick<CheckOptions, "levels">,
): Level => levels?.({ rule, file: location.file, resource, level }) ?? level;

/** The findings that count, and those that somebody said do not, or that the baseline knows. */
function withoutSuppressed(
  raw: RawFinding[],
  { document, parsed, acknowledged, read, isAsked }: Normalized,
  options: Omit<CheckOptions, keyof NormalizeOptions>,
): Pick<Report, "findings" | "exceptions" | "problems" | "notices"> {
  const { baseline, suppressions: files = [], engine, inlineSuppressions: inline = true } = options;
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const rules = engine.rules.map(({ id }) => id);
  const written = suppressionsIn({ document, parsed, files, acknowledged, rules, today, inline });
  const applied = applySuppressions(raw, written.suppressions);
  // A module that several configurations call is judged for each of them, and mostly alike.
  const told = (list: (RawFinding & { suppressed?: Suppressed })[]) =>
    distinct(list.map((finding) => findingOf(finding, document, parsed)));
  const [findings, exceptions] = [told(applied.findings), told(applied.exceptions)];
  // Of a file that only came along nothing is told.
  const notices = [...written.notices, ...applied.notices].filter(({ file }) => isAsked(file, ""));
  const { problems } = written;
  if (baseline === undefined) return { findings, exceptions, problems, notices };
  const known = applyBaseline(findings, baseline, read);
  if (isProblem(known)) return { findings, exceptions, problems: [...problems, known], notices };
  return {
    findings: known.findings,
    exceptions: inOrder([...exceptions, ...known.exceptions]),
    problems,
    notices: [...notices, ...known.notices],
  };
}

const inOrder = (findings: Finding[]): Finding[] =>
  findings.sort(
    ({ location: a, rule: x }, { location: b, rule: y }) =>
      byText(a.file, b.file) || a.line - b.line || a.column - b.column || byText(x, y),
  );

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The inputs as one document. One that cannot be read is a problem, and the others go on. */
export const normalize = (inputs: Iterable<Input>, options: NormalizeOptions = {}): Normalized =>
  finished(normalizing(inputs, options));

/** The same, with a pause after each text and each root module. */
export function* normalizing(inputs: Iterable<Input>, options: NormalizeOptions = {}): Steps<Normalized> {
  const { terraform, variables, variableFiles, ...own } = options;
  const found: Found[] = [];
  const notices: Notice[] = [];
  const unreadable: Problem[] = [];
  const configurations: Configuration[] = [];
  const read = new Set<string>();
  const acknowledged: Source[] = [];
  const texts: Text[] = [];
  for (const input of grouped(inputs)) {
    if ("directory" in input) configurations.push(input);
    else {
      texts.push(textOf(input));
      yield { text: input.path };
    }
  }
  const beside = texts.flatMap(({ values }) => values.filter(standsBeside));
  for (const text of texts) {
    const input = text.source;
    read.add(input.path);
    const ours = partsOf(text, own, beside).filter(({ part }) =>
      Object.values(part).some((list) => list.length > 0),
    );
    const acknowledges = ours.length === 0 && mayAcknowledge(input);
    if (acknowledges) acknowledged.push(input);
    if (ours.length === 0 && input.path === "-" && isTerraformText(input.text))
      unreadable.push(fromStandardInput);
    else if (ours.length === 0 && !acknowledges && input.named === true)
      notices.push({ file: input.path, message: nothingIn(input) });
    found.push(...ours);
  }
  const evaluated = yield* evaluatingConfigurations(configurations, options);
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
  // Where the account hangs on the path, the keys have it.
  const document = link([...parts, ...evaluated.parts], own.placeOf === undefined ? own : {});
  return {
    document,
    problems: [...unreadable, ...parts.flatMap((part) => part.problems), ...evaluated.problems],
    notices: [...notices, ...evaluated.notices],
    parsed,
    acknowledged,
    read: new Set([...read, ...parsed.keys()]),
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

/** Whether a text is Terraform's source, in either syntax. */
export const isTerraformText = (text: string): boolean =>
  /^\s*(?:(?:resource|data)\s+"?[\w-]+"?\s+"?[\w-]+"?|(?:module|variable|output|provider)\s+"?[\w-]+"?|locals|terraform)\s*\{/m.test(
    text,
  ) || /^\s*\{\s*"(?:resource|data|module|variable|locals|provider|terraform)"\s*:\s*[{[]/.test(text);

const fromStandardInput: Problem = {
  file: "-",
  message: "Standard input holds Terraform source, which is read together with what stands beside it.",
  remedy: "Name its file or its directory.",
};

/** What is said of inputs that hold nothing at all: silence would look like a pass. */
export const nothingFound = "no KMS key, alias, grant or key policy found: nothing checked";

/**
 * Why a file that was named has nothing to check: conditions may be false, a plan may only delete, and an object of
 * Kubernetes may leave what is there as it is.
 */
const nothingIn = ({ text }: Source): string =>
  /\bkms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//.test(text)
    ? "makes and deletes no KMS key, alias or grant: nothing checked"
    : /AWS::KMS::\w|aws_kms_\w/.test(text)
      ? "creates and keeps no KMS key, alias or grant (conditions are judged by the parameters' defaults): nothing checked"
      : "holds no KMS key, alias, grant or key policy: nothing checked";

/** A text with its values, or what keeps it from being read. */
interface Text {
  source: Source;
  values: Parsed[];
  problem?: Problem;
}

function textOf(source: Source): Text {
  try {
    if (source.named !== true && !mayHoldKeys(source)) return { source, values: [] };
    const values = parse(source);
    if (!isProblem(values)) return { source, values };
    const counts = source.named === true || looksLikeOurs(source);
    return { source, values: [], ...(counts ? { problem: values } : {}) };
  } catch (error) {
    return { source, values: [], problem: internalError(source.path, error) };
  }
}

function partsOf({ source, values, problem }: Text, options: Options & Placed, beside: Parsed[]): Found[] {
  const failed = (found: Problem) => [{ source, part: { ...emptyPart(), problems: [found] } }];
  if (problem !== undefined) return failed(problem);
  try {
    const own = optionsAt(options, source.path);
    return values.flatMap((parsed) => {
      const format = formatOf(parsed);
      if (format === undefined) return [];
      const part = ownedBy(format.normalize(parsed, own, beside), own);
      return [{ source, part, format: format.name, parsed }];
    });
  } catch (error) {
    return failed(internalError(source.path, error));
  }
}

const internalError = (file: string, error: unknown): Problem => ({
  file,
  message: `Keywarden failed with an internal error: ${messageOf(error)}`,
  remedy: "Please report it, with the smallest input that shows it.",
});

function findingOf(
  { file: _, statement, suppressed, ...raw }: RawFinding & { suppressed?: Suppressed },
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
    url: pageOf(raw.rule),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(suppressed === undefined ? {} : { suppressed }),
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
