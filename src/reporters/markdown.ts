import type { Finding, Report } from "../core/model/report.ts";
import type { Problem } from "../core/model/source.ts";
import { fenced } from "./help.ts";
import { hasPassed, type ReportOptions } from "./reporter.ts";
import { count, visible } from "./style.ts";
import { countsOf, inWords } from "./summary.ts";

/** A comment on GitHub holds 65,536 characters. */
const MOST = 60_000;

/** For comments on pull requests and step summaries. A comment can be found again by its first line. */
export function markdown(report: Report, options: ReportOptions): string {
  const { findings, exceptions, problems, files, dataVersion } = report;
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
    `### ${hasPassed(report, options) ? "✅" : "❌"} Keywarden: ${inWords(counts)}`,
    ...(problems.length === 0 ? [] : [`**Could not be read**\n\n${problems.map(problemItem).join("\n")}`]),
    ...within(failed.map(failure), MOST / 2, "finding"),
    ...folded(`Could not be decided: ${unknown.length}`, unknown.map(item)),
    ...folded(`Suppressed: ${listed.length}`, listed.map(exceptionItem)),
    `<sub>${count(counts.resources, "resource")} in ${count(files.length, "file")}; KMS data of ${dataVersion}; Keywarden ${options.version}</sub>`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function failure(finding: Finding): string {
  const { level, rule, url, message, why, remediation, excerpt, resource } = finding;
  const details = [
    prose(why),
    ...(excerpt === undefined ? [] : [fenced(dedented(excerpt.lines).map(visible).join("\n"))]),
    ...(remediation.trim() === "" ? [] : [`**Write instead:** ${remedy(remediation)}`]),
  ].join("\n\n");
  return [
    `${MARKS[level]} **${level}** [\`${rule}\`](${url}) ${code(resource)} at ${code(place(finding))}<br>`,
    words(message),
    "",
    `<details><summary>Why, and what to write instead</summary>\n\n${details}\n\n</details>`,
  ].join("\n");
}

const MARKS = { error: "🔴", warning: "🟡", note: "🔵", off: "🔵" };

/** A line of words, and what is to be pasted. */
function remedy(remediation: string): string {
  const [text = "", ...snippet] = remediation.trimEnd().split("\n");
  return snippet.length === 0 ? prose(text) : `${prose(text)}\n\n${fenced(snippet.join("\n"))}`;
}

/** Without the indentation that all lines have. */
function dedented(lines: string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents)));
}

const item = (finding: Finding): string =>
  `- [\`${finding.rule}\`](${finding.url}) ${code(finding.resource)} at ${code(place(finding))}: ${words(finding.message)}`;

function exceptionItem(finding: Finding): string {
  const { suppressed } = finding;
  const until = suppressed?.expires === undefined ? "" : `, until ${words(suppressed.expires)}`;
  return `${item(finding)} **${words(suppressed?.reason ?? "")}**${until}`;
}

const problemItem = ({ file, line, message, remedy }: Problem): string =>
  `- ${code(line === undefined ? file : `${file}:${line}`)}: ${words(message)} ${words(remedy)}`;

const folded = (title: string, items: string[]): string[] =>
  items.length === 0
    ? []
    : [
        `<details><summary>${title}</summary>\n\n${within(items, MOST / 6, "finding").join("\n")}\n\n</details>`,
      ];

/** The first of the blocks, as many as fit. */
function within(blocks: string[], most: number, what: string): string[] {
  let length = 0;
  const shown = blocks.findIndex((block) => {
    length += block.length + 2;
    return length > most;
  });
  if (shown === -1) return blocks;
  return [...blocks.slice(0, shown), `_… and ${count(blocks.length - shown, `more ${what}`)}._`];
}

const place = ({ location }: Finding): string => `${location.file}:${location.line}`;

/** A text of the input as words: nothing in it is markup, a link, a mention of somebody, or a reference to an issue. */
const words = (text: string): string =>
  visible(text)
    .replace(/\s+/g, " ")
    .replace(/[&<>]|[\\`*_{}[\]|~!]|[@#](?=\w)|:(?=\/\/)|\bwww(?=\.)/g, (found) =>
      /[&<>]/.test(found)
        ? `&#${found.charCodeAt(0)};`
        : /[@#:w]/.test(found)
          ? `${found}<!-- -->`
          : `\\${found}`,
    );

/** A text of a rule: words, of which some are code. */
const prose = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 0 ? words(part) : code(part)))
    .join("");

/** A text of the input in a span of code. */
function code(text: string): string {
  const line = visible(text).replace(/\s+/g, " ").replaceAll("|", "\\|");
  if (!line.includes("`")) return `\`${line}\``;
  const longest = Math.max(...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}
