import { visible } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { Problem, UnseenPart } from "../core/model/source.ts";
import { encodeText } from "./encode.ts";
import { fenced } from "./help.ts";
import { codeSpan, escapeMarkdown, proseMarkdown } from "./markdown-text.ts";
import { type ReportOptions, runResult } from "./reporter.ts";
import { count } from "./style.ts";
import { countsOf, countsText } from "./summary.ts";
import { foldUnknown, messageWithoutAssumptions, resourcesOf, rulesOf } from "./unknown.ts";
import { unseenName, unseenPosition } from "./unseen.ts";

/** A GitHub comment may have 65,536 characters. */
const MAX_LENGTH = 60_000;

/** Renders Markdown for pull request comments and step summaries. The first line identifies a comment as Keywarden's. */
export function renderMarkdown(report: Report, options: ReportOptions): OutputText {
  const { findings, exceptions, problems, unseen, files, dataVersion } = report;
  const failed = ["error", "warning", "note"].flatMap((level) =>
    findings.filter((f) => f.verdict === "fail" && f.level === level),
  );
  const unknown = findings.filter((f) => f.verdict === "unknown");
  const counts = countsOf(report);
  const listed =
    options.suppressExceptions === true
      ? []
      : exceptions.filter(({ suppressed }) => suppressed?.by !== "baseline");
  const blocks = [
    "<!-- keywarden -->",
    `### ${RESULT_ICONS[runResult(report, options)]} Keywarden: ${countsText(counts)}`,
    ...(problems.length === 0 ? [] : [`**Unreadable inputs**\n\n${problems.map(problemItem).join("\n")}`]),
    ...(unseen.length === 0
      ? []
      : [`**Not checked**\n\n${firstThatFit(unseen.map(unseenItem), MAX_LENGTH / 6, "part").join("\n")}`]),
    ...firstThatFit(failed.map(failureMarkdown), MAX_LENGTH / 2, "finding"),
    ...collapsed(`Unknown: ${unknown.length}`, unknownItems(unknown)),
    ...collapsed(`Suppressed: ${listed.length}`, listed.map(exceptionItem)),
    `<sub>${count(counts.resources, "resource")} in ${count(files.length, "file")}; KMS data of ${dataVersion}; Keywarden ${options.version}</sub>`,
  ];
  return encodeText(`${blocks.join("\n\n")}\n`);
}

const RESULT_ICONS = { passed: "✅", incomplete: "⚠️", failed: "❌" };

function failureMarkdown(finding: Finding): string {
  const { level, rule, url, message, why, remediation, excerpt, resource } = finding;
  const details = [
    proseMarkdown(why),
    ...(excerpt === undefined ? [] : [fenced(dedented(excerpt.lines).map(visible).join("\n"))]),
    ...(remediation.trim() === "" ? [] : [`**Fix:** ${remedyMarkdown(remediation)}`]),
  ].join("\n\n");
  return [
    `${LEVEL_ICONS[level]} **${level}** [\`${rule}\`](${url}) ${codeSpan(resource)} at ${codeSpan(position(finding))}<br>`,
    escapeMarkdown(message),
    "",
    `<details><summary>Why and how to fix it</summary>\n\n${details}\n\n</details>`,
  ].join("\n");
}

const LEVEL_ICONS = { error: "🔴", warning: "🟡", note: "🔵", off: "🔵" };

/** Renders the remediation: a line of prose, followed by code to copy. */
function remedyMarkdown(remediation: string): string {
  const [text = "", ...snippet] = remediation.trimEnd().split("\n");
  return snippet.length === 0
    ? proseMarkdown(text)
    : `${proseMarkdown(text)}\n\n${fenced(snippet.join("\n"))}`;
}

/** Removes the common indentation of lines. */
function dedented(lines: string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents)));
}

const item = (finding: Finding): string =>
  `- [\`${finding.rule}\`](${finding.url}) ${codeSpan(finding.resource)} at ${codeSpan(position(finding))}: ${escapeMarkdown(finding.message)}`;

function exceptionItem(finding: Finding): string {
  const { suppressed } = finding;
  const until = suppressed?.expires === undefined ? "" : `, until ${escapeMarkdown(suppressed.expires)}`;
  return `${item(finding)} **${escapeMarkdown(suppressed?.reason ?? "")}**${until}`;
}

const problemItem = ({ file, line, message, remedy }: Problem): string =>
  `- ${codeSpan(line === undefined ? file : `${file}:${line}`)}: ${escapeMarkdown(message)} ${escapeMarkdown(remedy)}`;

/** Returns one item for each set of assumptions and for each cause that several verdicts share. */
function unknownItems(findings: Finding[]): string[] {
  const { failsIf, causes, single } = foldUnknown(findings);
  return [
    ...failsIf.map(({ assumptions, findings: group }) => {
      const inner = group.map((finding) => `  ${item(withoutAssumptions(finding))}`);
      return [`- **Fails when ${escapeMarkdown(assumptions)}**`, ...inner].join("\n");
    }),
    ...causes.map(({ cause, findings: group }) => {
      const rules = rulesOf(group).map((rule) => `\`${rule}\``);
      return `- ${proseMarkdown(cause)}: ${rules.join(", ")} of ${resourcesOf(group).map(codeSpan).join(", ")}`;
    }),
    ...single.map(item),
  ];
}

const withoutAssumptions = (finding: Finding): Finding => ({
  ...finding,
  message: messageWithoutAssumptions(finding),
});

const unseenItem = (part: UnseenPart): string =>
  `- ${codeSpan(unseenName(part))} at ${codeSpan(unseenPosition(part))}: ${escapeMarkdown(part.message)} ${escapeMarkdown(part.remedy)}`;

const collapsed = (title: string, items: string[]): string[] =>
  items.length === 0
    ? []
    : [
        `<details><summary>${title}</summary>\n\n${firstThatFit(items, MAX_LENGTH / 6, "finding").join("\n")}\n\n</details>`,
      ];

/** Returns the first blocks that fit into `maxLength` characters, and the number of omitted ones. */
function firstThatFit(blocks: string[], maxLength: number, noun: string): string[] {
  let length = 0;
  const firstOmitted = blocks.findIndex((block) => {
    length += block.length + 2;
    return length > maxLength;
  });
  if (firstOmitted === -1) return blocks;
  return [
    ...blocks.slice(0, firstOmitted),
    `_… and ${count(blocks.length - firstOmitted, `more ${noun}`)}._`,
  ];
}

const position = ({ location }: Finding): string => `${location.file}:${location.line}`;
