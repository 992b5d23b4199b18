import type { Finding } from "../../core/model/report.ts";
import { fenced } from "../../reporters/help.ts";
import { count, visible } from "../../reporters/style.ts";
import { countsOf, countsText } from "../../reporters/summary.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { Decision } from "../decide.ts";
import { utf8 } from "../media.ts";
import { cut, failuresOf, problemWords, undecidedText } from "../messages.ts";
import type { Answer, Decided, Protocol, Request } from "../protocol.ts";

/**
 * The plan of a run in HCP Terraform or Terraform Enterprise, as the body, becomes what is sent back about it.
 * `src/hosts/server/run-task/` talks to HCP Terraform; over HTTP nobody can ask for this.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration
 */
export const runTaskProtocol: Protocol = {
  name: "run-task",
  answers: () => false,
  answer(request, decide) {
    const { organization, workspace } = factsOf(request);
    const path = `${organization}/${workspace}`;
    const text = utf8(request.body);
    if (text === undefined) return undecided("The plan is no UTF-8.", decide.mode);
    const decision = decide([{ path, text, named: true }]);
    return answered(resultOf(decision, decide.mode), {
      path: "run-task",
      outcome: decision.outcome,
      result: decision.allowed ? "passed" : "failed",
      input: decision.document,
    });
  },
  failed: (_, { message }, mode) => undecided(message, mode),
};

/** What is known of a run, in the query of the request that a worker gets. */
export interface Facts {
  organization: string;
  workspace: string;
  run: string;
}

export const queryOf = (facts: Facts): string => new URLSearchParams({ ...facts }).toString();

function factsOf({ query }: Request): Facts {
  const given = new URLSearchParams(query);
  const fact = (name: keyof Facts) => given.get(name) ?? "";
  return { organization: fact("organization"), workspace: fact("workspace"), run: fact("run") };
}

/** The body of the callback. */
export interface Result {
  data: {
    type: "task-results";
    attributes: { status: "passed" | "failed" | "running"; message: string; url?: string };
    relationships?: { outcomes: { data: Outcome[] } };
  };
}

export interface Outcome {
  type: "task-result-outcomes";
  attributes: {
    "outcome-id": string;
    description: string;
    /** Markdown. */
    body: string;
    url?: string;
    tags: { [name: string]: Tag[] };
  };
}

interface Tag {
  label: string;
  level: "none" | "info" | "warning" | "error";
}

/** Older Terraform Enterprise takes no more outcomes. */
const OUTCOMES = 10;
/** Characters of a body: below the megabyte that is advised, whatever the characters. */
const BODY = 250_000;
const MESSAGE = 500;
const DESCRIPTION = 200;

function resultOf(decision: Decision, mode: FailMode): Result {
  const { allowed, outcome, report } = decision;
  const message =
    outcome === "undecided"
      ? undecidedText(mode, problemWords(report.problems))
      : `${countsText(countsOf(report))}${rulesOf(failuresOf(report))}`;
  const nothing = outcome === "allowed" && report.files.length === 0;
  return {
    data: {
      type: "task-results",
      attributes: {
        status: allowed ? "passed" : "failed",
        message: cut(nothing ? "The plan holds no KMS key, alias, grant or key policy." : message, MESSAGE),
      },
      relationships: { outcomes: { data: outcomesOf(report.findings) } },
    },
  };
}

const rulesOf = (failures: Finding[]): string =>
  failures.length === 0 ? "" : `: ${[...new Set(failures.map(({ rule }) => rule))].join(", ")}`;

/** One for each rule that failed, the gravest first, and one for all that is not known. */
function outcomesOf(findings: Finding[]): Outcome[] {
  const byRule = grouped(failuresOf({ findings }));
  const unknown = findings.filter(({ verdict }) => verdict === "unknown");
  const rules = [...byRule.values()];
  const room = OUTCOMES - (unknown.length > 0 ? 1 : 0);
  const shown = rules.length > room ? rules.slice(0, room - 1) : rules;
  const rest = rules.slice(shown.length);
  return [
    ...shown.map(ofRule),
    ...(rest.length === 0 ? [] : [ofRest(rest)]),
    ...(unknown.length === 0 ? [] : [ofUnknown(unknown)]),
  ];
}

function grouped(findings: Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return groups;
}

const LEVELS: { [level: string]: Tag["level"] } = { error: "error", warning: "warning", note: "info" };
const SEVERITIES: { [level: string]: string } = { error: "High", warning: "Medium", note: "Low" };

function ofRule(findings: Finding[]): Outcome {
  const [first] = findings as [Finding, ...Finding[]];
  const { rule, level, title, url, why, remediation } = first;
  const places = [...new Set(findings.map(({ resource }) => visible(resource)))];
  const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
  return outcome(
    rule,
    `${title}: ${places[0]}${more}`,
    [
      ...findings.map(item),
      `\n**Why:** ${prose(why)}`,
      `\n**What to write instead:** ${remedy(remediation)}`,
    ],
    { Status: [{ label: "Failed", level: "error" }], Severity: [severity(level)] },
    url,
  );
}

/** All that the outcomes before it have no room for. */
function ofRest(rules: Finding[][]): Outcome {
  const worst = rules[0]?.[0]?.level ?? "note";
  return outcome(
    "more",
    `${count(rules.length, "more rule")} failed`,
    rules.flatMap(([first, ...others]) => [
      `\n**${first?.rule}**: ${prose(first?.title ?? "")}\n`,
      ...[first as Finding, ...others].map(item),
    ]),
    { Status: [{ label: "Failed", level: "error" }], Severity: [severity(worst)] },
  );
}

const ofUnknown = (findings: Finding[]): Outcome =>
  outcome(
    "unknown",
    `${count(findings.length, "question")} that the plan leaves open`,
    findings.map((finding) => `${item(finding)} (${finding.rule})`),
    { Status: [{ label: "Unknown", level: "info" }] },
  );

const outcome = (
  id: string,
  description: string,
  lines: string[],
  tags: { [name: string]: Tag[] },
  url?: string,
): Outcome => ({
  type: "task-result-outcomes",
  attributes: {
    "outcome-id": id,
    description: cut(description, DESCRIPTION),
    body: cut(lines.join("\n"), BODY),
    ...(url === undefined ? {} : { url }),
    tags,
  },
});

const severity = (level: string): Tag => ({
  label: SEVERITIES[level] ?? "Low",
  level: LEVELS[level] ?? "info",
});

const item = ({ resource, message }: Finding): string => `- ${code(resource)}: ${words(message)}`;

/** Words, and below them what is to be pasted. */
function remedy(remediation: string): string {
  const [text = "", ...snippet] = remediation.trimEnd().split("\n");
  return snippet.length === 0 ? prose(text) : `${prose(text)}\n\n${fenced(snippet.join("\n"))}`;
}

/** A text of the input: nothing in it is markup. */
const words = (text: string): string =>
  visible(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]|~<>&#!]/g, "\\$&");

const prose = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 0 ? words(part) : code(part)))
    .join("");

const code = (text: string): string => `\`${visible(text).replace(/\s+/g, " ").replaceAll("`", "'")}\``;

function undecided(why: string, mode: FailMode): Answer {
  const status = mode === "open" ? "passed" : "failed";
  const message = cut(undecidedText(mode, why), MESSAGE);
  return answered(
    { data: { type: "task-results", attributes: { status, message } } },
    { path: "run-task", outcome: "undecided", result: status },
  );
}

const answered = (result: Result, decision: Decided): Answer => ({
  status: 200,
  headers: { "content-type": "application/vnd.api+json" },
  body: JSON.stringify(result),
  decision,
});
