import { fingerprints } from "../core/model/fingerprint.ts";
import {
  type Category,
  type Finding,
  type Level,
  type Report,
  type RuleInfo,
  rulePageUrl,
} from "../core/model/report.ts";
import type { Location, Problem } from "../core/model/source.ts";
import { wellFormed } from "./escape.ts";
import { ruleMarkdown, ruleText } from "./help.ts";
import type { ReportOptions } from "./reporter.ts";
import { count, visible } from "./style.ts";

/** GitHub refuses a run with more. */
const MAX_RESULTS = 25_000;
const MAX_TAGS = 20;

/**
 * SARIF 2.1.0, within what GitHub takes. An unknown verdict is a result of level note, of a rule of its own
 * (`public_access/unknown`): GitHub does not tell kinds apart, would give it the severity of the rule, and would let
 * somebody who dismisses what is not known dismiss the failure that it may turn out to be.
 */
export function sarif(report: Report, { version, suppressExceptions }: ReportOptions): string {
  const { findings, exceptions, rules, problems, notices } = report;
  const names = fingerprints([...findings, ...exceptions]);
  const shown = withinLimit([...findings, ...(suppressExceptions === true ? [] : exceptions)]);
  const descriptors = [...rules.map(descriptor), ...undecided(shown, rules)];
  const index = new Map(descriptors.map(({ id }, i) => [id, i]));
  const left = findings.length + exceptions.length - shown.length;
  const run = {
    tool: {
      driver: {
        name: "Keywarden",
        version,
        informationUri: "https://github.com/keywarden/keywarden",
        rules: descriptors,
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: problems.length === 0,
        toolExecutionNotifications: [
          ...problems.map((problem) =>
            notification("error", problem, `${problem.message} ${problem.remedy}`),
          ),
          ...notices.map((notice) => notification("note", notice, notice.message)),
          ...(left > 0 && suppressExceptions !== true
            ? [
                {
                  level: "warning",
                  message: { text: `${count(left, "result")} left out: there are too many.` },
                },
              ]
            : []),
        ],
      },
    ],
    results: shown.map((finding) => resultOf(finding, index, names.get(finding) as string)),
    properties: { dataVersion: report.dataVersion },
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The worst, where there are too many; their order stays. */
function withinLimit(findings: Finding[]): Finding[] {
  if (findings.length <= MAX_RESULTS) return findings;
  const rank = ({ suppressed, verdict, level }: Finding) =>
    suppressed !== undefined ? 4 : verdict === "unknown" ? 3 : ["error", "warning", "note"].indexOf(level);
  const kept = new Set([...findings].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_RESULTS));
  return findings.filter((finding) => kept.has(finding));
}

function descriptor(rule: RuleInfo) {
  return {
    id: rule.id,
    name: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: cut(rule.finds === "" ? rule.why : rule.finds, 1024) },
    helpUri: rulePageUrl(rule.id),
    help: { text: ruleText(rule), markdown: ruleMarkdown(rule) },
    defaultConfiguration: { enabled: rule.level !== "off", level: sarifLevel(rule.level) },
    properties: {
      precision: "high",
      "problem.severity": PROBLEM[sarifLevel(rule.level)],
      "security-severity": securitySeverity(rule),
      tags: tagsOf(rule),
    },
  };
}

/** A rule for the unknown verdicts of each rule that has some. It has no security severity: nothing is found. */
function undecided(findings: Finding[], rules: RuleInfo[]) {
  const ids = new Set(findings.filter((f) => f.verdict === "unknown").map((f) => f.rule));
  return rules
    .filter(({ id }) => ids.has(id))
    .map((rule) => {
      const text = `Could not be decided: ${rule.title}`;
      return {
        ...descriptor(rule),
        id: ruleId(rule.id, "unknown"),
        shortDescription: { text },
        defaultConfiguration: { enabled: true, level: "note" as const },
        properties: { precision: "high", "problem.severity": "recommendation", tags: tagsOf(rule) },
      };
    });
}

const ruleId = (rule: string, verdict: Finding["verdict"]): string =>
  verdict === "unknown" ? `${rule}/unknown` : rule;

function resultOf(finding: Finding, index: Map<string, number>, fingerprint: string) {
  const { rule, verdict, level, message, resource, statement, location, suppressed } = finding;
  const id = ruleId(rule, verdict);
  const ruleIndex = index.get(id);
  const text = verdict === "unknown" ? `Could not be decided: ${message}` : message;
  return {
    ruleId: id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: verdict === "unknown" ? "note" : sarifLevel(level),
    message: { text: plain(text) },
    locations: [
      {
        physicalLocation: physical(location),
        logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: suppressed.by === "comment" || suppressed.by === "metadata" ? "inSource" : "external",
              status: "accepted",
              justification: suppressed.reason,
              ...(suppressed.location === undefined
                ? {}
                : { location: { physicalLocation: physical(suppressed.location) } }),
              ...(suppressed.expires === undefined ? {} : { properties: { expires: suppressed.expires } }),
            },
          ],
        }),
    properties: {
      verdict,
      resource,
      pointer: location.pointer,
      ...(statement === undefined ? {} : { statement }),
    },
  };
}

const physical = ({ file, line, column, endLine, endColumn }: Location) => ({
  artifactLocation: { uri: uri(file) },
  region: { startLine: line, startColumn: column, endLine, endColumn },
});

function notification(
  level: "error" | "note",
  { file, line, column }: Pick<Problem, "file" | "line" | "column">,
  text: string,
) {
  const region =
    line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return {
    level,
    message: { text: plain(text) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uri(file) }, ...region } }],
  };
}

/** A relative reference, as GitHub wants it, where the path is relative. */
function uri(path: string): string {
  const parts = path.replace(/^(?:\.[\\/])+/, "").split(/[\\/]/);
  const encoded = parts.map((part) => encodeURIComponent(wellFormed(part))).join("/");
  if (encoded.startsWith("/")) return `file://${encoded}`;
  return /^[A-Za-z]%3A\//.test(encoded) ? `file:///${encoded.replace("%3A", ":")}` : encoded;
}

/** Square brackets before round ones are a link in a message of SARIF. */
const plain = (text: string): string => visible(text).replaceAll("](", "] (");

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

const sarifLevel = (level: Level) => (level === "off" ? "note" : level);

const PROBLEM = { error: "error", warning: "warning", note: "recommendation" } as const;

/** Categories in which a finding says that somebody can do, or nobody can stop, what they should not. */
const SERIOUS: Category[] = ["manageability", "grants", "around", "settings"];

/** What GitHub calls critical is above 9, high from 7, medium from 4. Strangers with access are critical. */
function securitySeverity({ level, category }: RuleInfo): string {
  if (category === "access") return { error: "9.1", warning: "6.5", note: "3.5", off: "3.5" }[level];
  if (SERIOUS.includes(category)) return { error: "8.0", warning: "5.5", note: "3.0", off: "3.0" }[level];
  return { error: "6.0", warning: "4.0", note: "2.0", off: "2.0" }[level];
}

const tagsOf = ({ category, controls }: RuleInfo): string[] =>
  [
    "security",
    "aws",
    "kms",
    category,
    ...Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`)),
  ].slice(0, MAX_TAGS);
