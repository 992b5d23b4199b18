import { visible } from "../core/model/escape.ts";
import { fingerprints, unseenFingerprints } from "../core/model/fingerprint.ts";
import type { OutputText } from "../core/model/output.ts";
import {
  type Category,
  type Finding,
  type Level,
  type Report,
  type RuleInfo,
  rulePageUrl,
} from "../core/model/report.ts";
import type { Location, Problem, UnseenPart } from "../core/model/source.ts";
import { encodeJson } from "./encode.ts";
import { ruleMarkdown, ruleText } from "./help.ts";
import type { ReportOptions } from "./reporter.ts";
import { count } from "./style.ts";
import { unseenMessage } from "./unseen.ts";

/** GitHub rejects runs with more results. https://docs.github.com/en/code-security/reference/code-scanning/sarif-support */
const MAX_RESULTS = 25_000;
const MAX_UNSEEN_RESULTS = 1000;
const MAX_TAGS = 20;

/**
 * Renders SARIF 2.1.0, within GitHub's limits. An unknown verdict is a result of level note that belongs to a separate
 * rule (`public_access/unknown`). GitHub ignores the kind of a result: otherwise it would give an unknown verdict the
 * severity of the rule, and dismissing it would also dismiss a later failure.
 * A part that was not checked is a condition of the run, so it is a notification. GitHub ignores notifications: the part
 * is also a result of level note, of the rule `unseen`.
 */
export function renderSarif(report: Report, { version, suppressExceptions }: ReportOptions): OutputText {
  const { findings, exceptions, rules, problems, unseen, notices } = report;
  const names = fingerprints([...findings, ...exceptions]);
  const parts = unseenFingerprints(unseen.slice(0, MAX_UNSEEN_RESULTS));
  const limit = MAX_RESULTS - parts.size;
  const listed = withinLimit([...findings, ...(suppressExceptions === true ? [] : exceptions)], limit);
  const descriptors = [
    ...rules.map(descriptor),
    ...unknownRules(listed, rules),
    ...(unseen.length === 0 ? [] : [unseenRule]),
  ];
  const index = new Map(descriptors.map(({ id }, i) => [id, i]));
  const omitted = findings.length + exceptions.length - listed.length;
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
          ...unseen.map((part) => notification("warning", part, unseenMessage(part))),
          ...notices.map((notice) => notification("note", notice, notice.message)),
          ...(omitted > 0 && suppressExceptions !== true
            ? [
                {
                  level: "warning",
                  message: {
                    text: `${count(omitted, "result")} omitted: a run may have at most ${MAX_RESULTS} results.`,
                  },
                },
              ]
            : []),
        ],
      },
    ],
    results: [
      ...listed.map((finding) => resultFor(finding, index, names.get(finding) as string)),
      ...[...parts].map(([part, fingerprint]) => unseenResult(part, index.get(unseenRule.id), fingerprint)),
    ],
    properties: { dataVersion: report.dataVersion },
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return encodeJson(log, 2);
}

/** Returns the most severe findings if there are too many, in their original order. */
function withinLimit(findings: Finding[], limit: number): Finding[] {
  if (findings.length <= limit) return findings;
  const rank = ({ suppressed, verdict, level }: Finding) =>
    suppressed !== undefined ? 4 : verdict === "unknown" ? 3 : ["error", "warning", "note"].indexOf(level);
  const kept = new Set([...findings].sort((a, b) => rank(a) - rank(b)).slice(0, limit));
  return findings.filter((finding) => kept.has(finding));
}

function descriptor(rule: RuleInfo) {
  return {
    id: rule.id,
    name: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: shortened(rule.finds === "" ? rule.why : rule.finds, 1024) },
    helpUri: rulePageUrl(rule.id),
    help: { text: ruleText(rule), markdown: ruleMarkdown(rule) },
    defaultConfiguration: { enabled: rule.level !== "off", level: sarifLevel(rule.level) },
    properties: {
      precision: "high",
      "problem.severity": PROBLEM_SEVERITIES[sarifLevel(rule.level)],
      "security-severity": securitySeverity(rule),
      tags: tagsOf(rule),
    },
  };
}

/** Returns a separate rule for each rule with unknown verdicts. It has no security severity, because nothing was found. */
function unknownRules(findings: Finding[], rules: RuleInfo[]) {
  const ids = new Set(findings.filter((f) => f.verdict === "unknown").map((f) => f.rule));
  return rules
    .filter(({ id }) => ids.has(id))
    .map((rule) => {
      const text = `Unknown: ${rule.title}`;
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

function resultFor(finding: Finding, index: Map<string, number>, fingerprint: string) {
  const { rule, verdict, level, message, resource, statement, location, suppressed } = finding;
  const id = ruleId(rule, verdict);
  const ruleIndex = index.get(id);
  const text = verdict === "unknown" ? `Unknown: ${message}` : message;
  return {
    ruleId: id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: verdict === "unknown" ? "note" : sarifLevel(level),
    message: { text: withoutLinks(text) },
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

/** The rule of parts that were not checked. It is not a rule of a bundle and has no page. */
const unseenRule = {
  id: "unseen",
  name: "unseen",
  shortDescription: { text: "A part of an input was not checked" },
  fullDescription: {
    text: "A part that may contain KMS content is not in the input, so a clean report does not cover it.",
  },
  helpUri: "https://github.com/keywarden/keywarden/blob/main/docs/output.md#parts-that-were-not-checked",
  help: { text: "Add the part to the input." },
  defaultConfiguration: { enabled: true, level: "note" as const },
  properties: { precision: "high", "problem.severity": "recommendation", tags: ["security", "aws", "kms"] },
};

function unseenResult(part: UnseenPart, ruleIndex: number | undefined, fingerprint: string) {
  const { locations, message } = notification("note", part, unseenMessage(part));
  const { kind, subject, resource } = part;
  return {
    ruleId: unseenRule.id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: "note",
    message,
    locations,
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    properties: { unseen: kind, subject, ...(resource === undefined ? {} : { resource }) },
  };
}

const physical = ({ file, line, column, endLine, endColumn }: Location) => ({
  artifactLocation: { uri: uri(file) },
  region: { startLine: line, startColumn: column, endLine, endColumn },
});

function notification(
  level: "error" | "warning" | "note",
  { file, line, column }: Pick<Problem, "file" | "line" | "column">,
  text: string,
) {
  const region =
    line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return {
    level,
    message: { text: withoutLinks(text) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uri(file) }, ...region } }],
  };
}

/** Returns a relative reference for a relative path, as GitHub requires. */
function uri(path: string): string {
  const parts = path.replace(/^(?:\.[\\/])+/, "").split(/[\\/]/);
  const encoded = parts.map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\uFFFD"))).join("/");
  if (encoded.startsWith("/")) return `file://${encoded}`;
  return /^[A-Za-z]%3A\//.test(encoded) ? `file:///${encoded.replace("%3A", ":")}` : encoded;
}

/** Separates brackets from parentheses, which together are a link in a SARIF message. */
const withoutLinks = (text: string): string => visible(text).replaceAll("](", "] (");

const shortened = (text: string, maxLength: number): string =>
  text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;

const sarifLevel = (level: Level) => (level === "off" ? "note" : level);

const PROBLEM_SEVERITIES = { error: "error", warning: "warning", note: "recommendation" } as const;

/** Categories whose findings mean excessive access or loss of control, besides `access`. */
const HIGH_SEVERITY_CATEGORIES: Category[] = ["manageability", "grants", "around", "settings"];

/** GitHub's ranges: critical above 9.0, high from 7.0, medium from 4.0. Access by external principals is critical. */
function securitySeverity({ level, category }: RuleInfo): string {
  if (category === "access") return { error: "9.1", warning: "6.5", note: "3.5", off: "3.5" }[level];
  if (HIGH_SEVERITY_CATEGORIES.includes(category))
    return { error: "8.0", warning: "5.5", note: "3.0", off: "3.0" }[level];
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
