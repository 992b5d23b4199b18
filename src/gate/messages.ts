import type { Finding, Report } from "../core/model/report.ts";
import type { Problem } from "../core/model/source.ts";
import { visible } from "../reporters/style.ts";
import { countsOf, countsText } from "../reporters/summary.ts";
import type { FailMode } from "../session/server-options.ts";
import type { Decision } from "./decide.ts";

const MARK = "…";

/** The failures, the gravest first. */
export const failuresOf = ({ findings }: Pick<Report, "findings">): Finding[] =>
  (["error", "warning", "note"] as const).flatMap((level) =>
    findings.filter((finding) => finding.verdict === "fail" && finding.level === level),
  );

/** What is said where nothing could be decided. In the fail mode `open` it must not look like a pass. */
export const undecidedText = (mode: FailMode, why: string): string =>
  mode === "closed"
    ? `Keywarden could not decide, so this is denied: ${visible(why)}`
    : `NOT CHECKED: Keywarden could not decide and lets this pass, as its fail mode is open: ${visible(why)}`;

/** Problems for somebody who sees one text and nothing else. */
export const problemWords = (problems: Problem[]): string =>
  problems
    .map(({ file, line, message, remedy }) =>
      [`${line === undefined ? file : `${file}:${line}`}:`, message, remedy].join(" "),
    )
    .join(" ");

/** Of a decision, within a number of characters: all that fails, or as much of it as there is room for. */
export function decisionText(decision: Decision, mode: FailMode, most: number): string {
  const { outcome, report } = decision;
  if (outcome === "undecided") return cut(undecidedText(mode, problemWords(report.problems)), most);
  const failures = failuresOf(report);
  const nothing = report.files.length === 0 && report.findings.length === 0;
  const verdict = outcome === "denied" ? "Keywarden denies this" : "Keywarden lets this pass";
  const head = nothing
    ? "Keywarden found no KMS key, alias, grant or key policy: nothing to check."
    : `${verdict}: ${countsText(countsOf(report))}.`;
  const lines = failures.map(
    ({ resource, message, level, rule, url }) =>
      `${visible(resource)}: ${visible(message)} (${level} ${rule}, ${url})`,
  );
  return within([head, ...lines], most);
}

/** Whole lines, as many as fit; how many are left out is said. */
function within(lines: string[], most: number): string {
  const all = lines.join("\n");
  if (all.length <= most) return all;
  const left = (shown: number) => `\n${MARK} and ${lines.length - shown} more.`;
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > most - left(0).length;
  });
  // The first line alone may be too long, and so may a single finding.
  if (end <= 1) return cut(all, most);
  return lines.slice(0, end).join("\n") + left(end);
}

/** At most so many characters, none of them half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - MARK.length;
  return text.slice(0, isHalf(text.charCodeAt(end - 1)) ? end - 1 : end) + MARK;
}

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
