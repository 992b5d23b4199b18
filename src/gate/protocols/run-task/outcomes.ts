import { oneLine, plainLine, withoutCommands } from "../../../core/model/escape.ts";
import type { Finding, Report } from "../../../core/model/report.ts";
import type { UnseenPart } from "../../../core/model/source.ts";
import { fenced } from "../../../reporters/help.ts";
import { count } from "../../../reporters/style.ts";
import { unseenCount } from "../../../reporters/summary.ts";
import { unseenName } from "../../../reporters/unseen.ts";
import { failuresByLevel, truncateText } from "../../messages.ts";

/** An outcome of a run task, which HCP Terraform shows below its result. */
export interface TaskOutcome {
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

/** Older versions of Terraform Enterprise reject more outcomes. */
const MAX_OUTCOMES = 10;
/** HashiCorp recommends at most 1 MB for a body. A character has up to four bytes. */
const MAX_BODY_CHARACTERS = 250_000;
const MAX_DESCRIPTION_CHARACTERS = 200;

/**
 * Returns one outcome for each failed rule in order of level, one for all unknown verdicts, and one for all parts that
 * were not checked.
 */
export function taskOutcomes({ findings, unseen }: Pick<Report, "findings" | "unseen">): TaskOutcome[] {
  const findingsByRule = groupByRule(failuresByLevel({ findings }));
  const unknown = findings.filter(({ verdict }) => verdict === "unknown");
  const rules = [...findingsByRule.values()];
  const maxRules = MAX_OUTCOMES - (unknown.length > 0 ? 1 : 0) - (unseen.length > 0 ? 1 : 0);
  const listed = rules.length > maxRules ? rules.slice(0, maxRules - 1) : rules;
  const rest = rules.slice(listed.length);
  return [
    ...listed.map(ruleOutcome),
    ...(rest.length === 0 ? [] : [moreRulesOutcome(rest)]),
    ...(unknown.length === 0 ? [] : [unknownOutcome(unknown)]),
    ...(unseen.length === 0 ? [] : [unseenOutcome(unseen)]),
  ];
}

function groupByRule(findings: Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return groups;
}

const TAG_LEVELS: { [level: string]: Tag["level"] } = { error: "error", warning: "warning", note: "info" };
const SEVERITIES: { [level: string]: string } = { error: "High", warning: "Medium", note: "Low" };

function ruleOutcome(findings: Finding[]): TaskOutcome {
  const [first] = findings as [Finding, ...Finding[]];
  const { rule, level, title, url, why, remediation } = first;
  const resources = [...new Set(findings.map(({ resource }) => plainLine(resource)))];
  const more = resources.length > 1 ? ` and ${resources.length - 1} more` : "";
  return outcome(
    rule,
    `${title}: ${resources[0]}${more}`,
    [
      ...findings.map(listItem),
      `\n**Why:** ${proseToMarkdown(why)}`,
      `\n**Fix:** ${remediationToMarkdown(remediation)}`,
    ],
    { Status: [{ label: "Failed", level: "error" }], Severity: [severityTag(level)] },
    url,
  );
}

/** Returns one outcome for the rules that exceed the maximum number of outcomes. */
function moreRulesOutcome(rules: Finding[][]): TaskOutcome {
  const highestLevel = rules[0]?.[0]?.level ?? "note";
  return outcome(
    "more",
    `${count(rules.length, "more rule")} failed`,
    rules.flatMap(([first, ...others]) => [
      `\n**${first?.rule}**: ${proseToMarkdown(first?.title ?? "")}\n`,
      ...[first as Finding, ...others].map(listItem),
    ]),
    { Status: [{ label: "Failed", level: "error" }], Severity: [severityTag(highestLevel)] },
  );
}

const unknownOutcome = (findings: Finding[]): TaskOutcome =>
  outcome(
    "unknown",
    count(findings.length, "unknown verdict"),
    findings.map((finding) => `${listItem(finding)} (${finding.rule})`),
    { Status: [{ label: "Unknown", level: "info" }] },
  );

const unseenOutcome = (parts: UnseenPart[]): TaskOutcome =>
  outcome(
    "unseen",
    unseenCount(parts.length),
    parts.map(
      (part) => `- ${inlineCode(unseenName(part))}: ${escapeMarkdown(`${part.message} ${part.remedy}`)}`,
    ),
    { Status: [{ label: "Not checked", level: "warning" }] },
  );

const outcome = (
  id: string,
  description: string,
  lines: string[],
  tags: { [name: string]: Tag[] },
  url?: string,
): TaskOutcome => ({
  type: "task-result-outcomes",
  attributes: {
    "outcome-id": id,
    description: truncateText(withoutCommands(description), MAX_DESCRIPTION_CHARACTERS),
    body: truncateText(withoutCommands(lines.join("\n")), MAX_BODY_CHARACTERS),
    ...(url === undefined ? {} : { url }),
    tags,
  },
});

const severityTag = (level: string): Tag => ({
  label: SEVERITIES[level] ?? "Low",
  level: TAG_LEVELS[level] ?? "info",
});

const listItem = ({ resource, message }: Finding): string =>
  `- ${inlineCode(resource)}: ${escapeMarkdown(message)}`;

/** Returns the first line as prose, and the following lines as a code block. */
function remediationToMarkdown(remediation: string): string {
  const [text = "", ...snippet] = remediation.trimEnd().split("\n");
  return snippet.length === 0
    ? proseToMarkdown(text)
    : `${proseToMarkdown(text)}\n\n${fenced(snippet.join("\n"))}`;
}

/** Escapes a text of the input, so that none of it is markup. */
const escapeMarkdown = (text: string): string =>
  oneLine(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]|~<>&#!]/g, "\\$&");

/** Escapes everything except inline code. */
const proseToMarkdown = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 0 ? escapeMarkdown(part) : inlineCode(part)))
    .join("");

const inlineCode = (text: string): string =>
  `\`${oneLine(text).replace(/\s+/g, " ").replaceAll("`", "'") || " "}\``;
