import { oneLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report, RuleInfo } from "../core/model/report.ts";
import type { UnseenPart } from "../core/model/source.ts";
import { encodeMarkup } from "./encode.ts";
import { markupText as text } from "./escape.ts";
import { pageStyle } from "./html-style.ts";
import { type ReportOptions, runResult } from "./reporter.ts";
import { count } from "./style.ts";
import { countsOf, unseenCount } from "./summary.ts";
import { foldUnknown, messageWithoutAssumptions, resourcesOf } from "./unknown.ts";
import { unseenName, unseenPosition } from "./unseen.ts";

/** Renders a self-contained HTML page without scripts. Findings are grouped by resource. */
export function renderHtml(report: Report, options: ReportOptions): OutputText {
  const title = `Keywarden: ${runResult(report, options)}`;
  const failed = report.findings.filter((f) => f.verdict === "fail");
  const unknown = report.findings.filter((f) => f.verdict === "unknown");
  const exceptions = options.suppressExceptions === true ? [] : report.exceptions;
  return encodeMarkup(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${summaryHtml(report)}
</header>
<main>
${[
  section("problems", "Unreadable inputs", report.problems.map(problemHtml)),
  section("unseen", "Not checked", report.unseen.map(unseenHtml)),
  section("failures", "Findings", byResource(failed).map(groupHtml)),
  section("unknown", "Unknown: a required value is not in the input", unknownHtml(unknown)),
  section("exceptions", "Suppressed", byResource(exceptions).map(groupHtml)),
  section("notices", "Notices", report.notices.map(noticeHtml)),
  rulesTable(report),
]
  .filter((part) => part !== "")
  .join("\n")}
</main>
<footer>Keywarden ${text(options.version)}, KMS data of ${text(report.dataVersion)}</footer>
</body>
</html>
`);
}

function summaryHtml(report: Report): string {
  const { errors, warnings, notes, unknown, suppressed, resources, files, unread, unseen } = countsOf(report);
  const tiles: [string, number, string][] = [
    ["error", errors, errors === 1 ? "error" : "errors"],
    ["warning", warnings, warnings === 1 ? "warning" : "warnings"],
    ["note", notes, notes === 1 ? "note" : "notes"],
    ["unknown", unknown, "unknown"],
    ["suppressed", suppressed, "suppressed"],
  ];
  const items = tiles.map(
    ([kind, n, name]) => `<li class="${n > 0 ? kind : "none"}"><b>${n}</b> ${name}</li>`,
  );
  const rest = [
    ...(unread === 0 ? [] : [`; ${count(unread, "file")} could not be read`]),
    ...(unseen === 0 ? [] : [`; ${unseenCount(unseen)}`]),
  ].join("");
  return `<ul class="tiles">${items.join("")}</ul>
<p>${count(resources, "resource")} in ${count(files, "file")}${rest}</p>`;
}

const section = (id: string, title: string, items: string[]): string =>
  items.length === 0 ? "" : `<section id="${id}">\n<h2>${title}</h2>\n${items.join("\n")}\n</section>`;

/** Groups findings by file and resource, in the order of their first finding. */
function byResource(findings: Finding[]): [Finding, ...Finding[]][] {
  const all = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.location.file, finding.resource]);
    const known = all.get(key);
    if (known === undefined) all.set(key, [finding]);
    else known.push(finding);
  }
  return [...all.values()];
}

/** Renders one line for each cause that several verdicts share, then the other verdicts by resource. */
function unknownHtml(findings: Finding[]): string[] {
  const { failsIf, causes, single } = foldUnknown(findings);
  return [
    ...failsIf.map(
      ({ assumptions, findings: group }) => `<article>
<h3>Fails when ${text(assumptions)}</h3>
${group.map((finding) => findingHtml({ ...finding, message: messageWithoutAssumptions(finding) })).join("\n")}
</article>`,
    ),
    ...causes.map(({ cause, findings: group }) => {
      const rules = new Map(group.map(({ rule, url }) => [rule, url]));
      const links = [...rules].map(([rule, url]) => `<a href="${text(url)}">${text(rule)}</a>`);
      return `<p class="finding unknown"><b>${prose(cause)}</b>: ${links.join(", ")} of ${resourcesOf(group).map(name).join(", ")}</p>`;
    }),
    ...byResource(single).map(groupHtml),
  ];
}

const groupHtml = (findings: [Finding, ...Finding[]]): string => `<article>
<h3>${name(findings[0].resource)} <span>${name(findings[0].location.file)}</span></h3>
${findings.map(findingHtml).join("\n")}
</article>`;

function findingHtml(finding: Finding): string {
  const { rule, level, verdict, message, why, remediation, url, location, title, suppressed } = finding;
  const kind = suppressed !== undefined ? "suppressed" : verdict === "unknown" ? "unknown" : level;
  const statement =
    finding.statement === undefined ? "" : `, statement <code>${name(finding.statement)}</code>`;
  return `<div class="finding ${kind}">
<p class="head"><span class="tag">${kind}</span> <b>${text(title)}</b> <a href="${text(url)}">${text(rule)}</a>
<span class="place">line ${location.line}${statement}</span></p>
<p>${text(message)}</p>
${suppressed === undefined ? "" : `<p class="reason">${text(suppressionText(suppressed))}</p>\n`}${excerptHtml(finding)}<details>
<summary>Why and how to fix it</summary>
<p>${prose(why)}</p>
${remedyHtml(remediation)}
</details>
</div>`;
}

const suppressionText = ({ reason, expires, by }: NonNullable<Finding["suppressed"]>): string =>
  `Suppressed by ${by === "baseline" ? "the baseline" : by === "metadata" ? "resource metadata" : `a ${by === "file" ? "suppression file" : by}`}${expires === undefined ? "" : ` until ${expires}`}: ${reason}`;

/** Renders the remediation: a line of prose, followed by code to copy. */
function remedyHtml(remediation: string): string {
  const [sentence = "", ...snippet] = remediation.trimEnd().split("\n");
  return `<p>${prose(sentence)}</p>${snippet.length === 0 ? "" : `\n<pre>${text(snippet.join("\n"))}</pre>`}`;
}

/** Renders the numbered lines, with the finding marked if it is part of a single line. */
function excerptHtml({ excerpt, location }: Finding): string {
  if (excerpt === undefined) return "";
  const { firstLine, lines } = excerpt;
  const numberedLines = lines.map((line, i) => {
    if (firstLine === undefined) return text(line);
    const isSingleLine = lines.length === 1 && location.line === location.endLine;
    const marked = isSingleLine ? markedLine(line, location.column - 1, location.endColumn - 1) : text(line);
    return `<span class="number">${firstLine + i}</span>${marked}`;
  });
  const more = firstLine !== undefined && firstLine + lines.length - 1 < location.endLine ? "\n…" : "";
  return `<pre tabindex="0">${numberedLines.join("\n")}${more}</pre>\n`;
}

const markedLine = (line: string, from: number, to: number): string =>
  `${text(line.slice(0, from))}<mark>${text(line.slice(from, to))}</mark>${text(line.slice(to))}`;

const problemHtml = ({ file, line, message, remedy }: Report["problems"][number]): string =>
  `<p class="finding error"><b>${name(line === undefined ? file : `${file}:${line}`)}</b> ${text(message)} ${text(remedy)}</p>`;

const unseenHtml = (part: UnseenPart): string =>
  `<p class="finding unknown"><b>${name(unseenPosition(part))}</b> ${name(unseenName(part))}: ${text(part.message)} ${text(part.remedy)}</p>`;

const noticeHtml = ({ file, message }: Report["notices"][number]): string =>
  `<p><b>${name(file)}</b> ${text(message)}</p>`;

function rulesTable({ rules, findings, exceptions }: Report): string {
  if (rules.length === 0) return "";
  const findingCount = (list: Finding[], { id }: RuleInfo, verdict: string) => {
    const n = list.filter((f) => f.rule === id && f.verdict === verdict).length;
    return n === 0 ? "" : String(n);
  };
  const rows = rules.map(
    (rule) =>
      `<tr><th scope="row">${text(rule.id)}</th><td>${text(rule.title)}</td><td>${rule.level}</td><td>${findingCount(findings, rule, "fail")}</td><td>${findingCount(findings, rule, "unknown")}</td><td>${exceptions.filter((f) => f.rule === rule.id).length || ""}</td></tr>`,
  );
  return `<section id="rules">
<h2>Rules</h2>
<details>
<summary>${count(rules.length, "rule")}</summary>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Rule</th><th scope="col">Title</th><th scope="col">Level</th><th scope="col">Failed</th><th scope="col">Unknown</th><th scope="col">Suppressed</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
</details>
</section>`;
}

/** Returns a name of the input, whose line breaks must not get lost among the blanks of HTML. */
const name = (value: string): string => text(oneLine(value));

/** Renders prose from rule metadata, including its code spans. */
const prose = (value: string): string => text(value).replace(/`([^`]+)`/g, "<code>$1</code>");
