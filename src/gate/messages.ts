import { plainLine } from "../core/model/escape.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { Problem, UnseenPart } from "../core/model/source.ts";
import { countsOf, countsText } from "../reporters/summary.ts";
import { unseenMessage } from "../reporters/unseen.ts";
import type { FailMode } from "../session/server-options.ts";
import type { PolicyDecision } from "./decision.ts";

const ELLIPSIS = "…";

/** Returns the failing findings: errors, then warnings, then notes. */
export const failuresByLevel = ({ findings }: Pick<Report, "findings">): Finding[] =>
  (["error", "warning", "note"] as const).flatMap((level) =>
    findings.filter((finding) => finding.verdict === "fail" && finding.level === level),
  );

/** Returns the message of an undecided request. In fail mode `open` it must not look like a pass. */
export const undecidedMessage = (failMode: FailMode, reason: string): string =>
  failMode === "closed"
    ? `Keywarden could not decide and denies the request: ${plainLine(reason)}`
    : `NOT CHECKED: Keywarden could not decide and allows the request because its fail mode is open: ${plainLine(reason)}`;

/** Joins problems into one string, for protocols that show a single message. */
export const problemsMessage = (problems: Problem[]): string =>
  problems
    .map(({ file, line, message, remedy }) =>
      [`${line === undefined ? file : `${file}:${line}`}:`, message, remedy].join(" "),
    )
    .join(" ");

/**
 * Returns why a request is undecided; undefined if it is decided. For the server log, so it contains no text of the input.
 */
export function undecidedReason({
  outcome,
  openQuestions = [],
}: Pick<PolicyDecision, "outcome"> & Partial<Pick<PolicyDecision, "openQuestions">>): string | undefined {
  if (outcome !== "undecided") return undefined;
  const rules = [...new Set(openQuestions.flatMap(({ rule = [] }) => rule))];
  const parts = openQuestions.filter(({ rule }) => rule === undefined).length;
  const causes = [
    ...(rules.length === 0 ? [] : [`The verdict of ${rules.join(", ")} is unknown.`]),
    ...(parts === 0 && rules.length > 0 ? [] : ["The input, or a part of it, could not be checked."]),
  ];
  return `${causes.join(" ")} The response and the decision log have the details.`;
}

/** Describes a decision and its failing findings, within a number of characters. */
export function decisionMessage(decision: PolicyDecision, failMode: FailMode, maxCharacters: number): string {
  const { outcome, report } = decision;
  if (outcome === "undecided")
    return truncateText(undecidedMessage(failMode, problemsMessage(decision.openQuestions)), maxCharacters);
  const failures = failuresByLevel(report);
  const isEmpty = report.files.length === 0 && report.findings.length === 0 && report.unseen.length === 0;
  const summary = outcome === "denied" ? "Keywarden denies this change" : "Keywarden allows this change";
  const heading = isEmpty
    ? "Keywarden found no KMS key, alias, grant or key policy: nothing to check."
    : `${summary}: ${countsText(countsOf(report))}.`;
  const lines = failures.map(
    ({ resource, message, level, rule, url }) =>
      `${plainLine(resource)}: ${plainLine(message)} (${level} ${rule}, ${url})`,
  );
  return joinLines([heading, ...lines, ...report.unseen.map(unseenLine)], maxCharacters);
}

const unseenLine = (part: UnseenPart): string => plainLine(`${part.file}: ${unseenMessage(part)}`);

/** Joins as many complete lines as fit, and states the number of omitted lines. */
function joinLines(lines: string[], maxCharacters: number): string {
  const all = lines.join("\n");
  if (all.length <= maxCharacters) return all;
  const omitted = (lineCount: number) => `\n${ELLIPSIS} and ${lines.length - lineCount} more.`;
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > maxCharacters - omitted(0).length;
  });
  // Even the heading, or a single finding, may be too long.
  if (end <= 1) return truncateText(all, maxCharacters);
  return lines.slice(0, end).join("\n") + omitted(end);
}

/** Truncates a string to a number of characters, without splitting a surrogate pair. */
export function truncateText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = maxCharacters - ELLIPSIS.length;
  return text.slice(0, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end) + ELLIPSIS;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
