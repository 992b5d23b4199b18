import { oneLine } from "../core/model/escape.ts";
import { openQuestions } from "../core/model/open-questions.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { UnseenPart } from "../core/model/source.ts";
import { encodeText } from "./encode.ts";
import { excerptLines } from "./excerpt.ts";
import { count, indented, type Styles, styles, wrap } from "./style.ts";
import { countsOf, unseenCount } from "./summary.ts";
import { foldUnknown, messageWithoutAssumptions, resourcesOf, rulesOf } from "./unknown.ts";
import { unseenName, unseenPosition } from "./unseen.ts";

export interface TextOptions {
  color: boolean;
  /** Width of the terminal. Default: 100. */
  width?: number;
  /** Count suppressed findings, but do not list them. */
  suppressExceptions?: boolean;
}

/** Renders the report for a terminal: failures with their fix, unknown verdicts, suppressed findings and a summary. */
export function renderText(report: Report, options: TextOptions): OutputText {
  const style = styles(options.color);
  const width = options.width ?? 100;
  const failed = report.findings.filter((f) => f.verdict === "fail");
  const unknown = report.findings.filter((f) => f.verdict === "unknown");
  const explained = new Map<string, Finding>();
  const blocks = failed.map((finding) => {
    const first = explained.get(finding.rule);
    if (first === undefined) explained.set(finding.rule, finding);
    return failureBlock(finding, first, width, style);
  });
  if (unknown.length > 0) blocks.push(unknownBlock(unknown, width, style));
  if (report.unseen.length > 0) blocks.push(unseenBlock(report.unseen, width, style));
  // Findings of the baseline are known, so they are counted, but not listed.
  const listed = report.exceptions.filter(({ suppressed }) => suppressed?.by !== "baseline");
  if (listed.length > 0 && options.suppressExceptions !== true)
    blocks.push(suppressedBlock(listed, width, style));
  blocks.push(summaryLine(report, style));
  return encodeText(`${blocks.join("\n\n")}\n`, options.color);
}

/** Renders problems and notices for standard error. `label`: the operation that failed. */
export function renderProblems(
  { problems, notices }: Pick<Report, "problems" | "notices">,
  options: TextOptions,
  label = "cannot read",
): OutputText {
  const style = styles(options.color);
  const lines = problems.map((problem) => {
    const location = `${oneLine(problem.file)}${positionSuffix(problem)}`;
    const remedy = wrap(oneLine(problem.remedy), options.width ?? 100, "  ");
    return `${style.bold(location)}: ${style.red(label)}: ${oneLine(problem.message)}\n${remedy}\n`;
  });
  const noticeLines = notices.map(
    (notice) => `${oneLine(notice.file)}${positionSuffix(notice)}: ${oneLine(notice.message)}\n`,
  );
  return encodeText([...lines, ...noticeLines].join(""), options.color);
}

const positionSuffix = ({ line, column }: { line?: number; column?: number }): string =>
  line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;

const position = ({ location }: Finding): string =>
  `${oneLine(location.file)}:${location.line}:${location.column}`;

/** Renders a failure. If the rule was explained before (at `first`), refers to that position. */
function failureBlock(finding: Finding, first: Finding | undefined, width: number, style: Styles): string {
  const { level, rule, resource, message, why, remediation } = finding;
  const color = level === "error" ? style.red : level === "warning" ? style.yellow : style.dim;
  const lines = [
    `${style.bold(position(finding))}: ${color(level)} ${style.bold(rule)} ${oneLine(resource)}`,
  ];
  lines.push(wrap(oneLine(message), width, "  "));
  if (first === undefined) lines.push(wrap(why, width, "  "));
  lines.push(...excerptLines(finding, width, style).map((line) => `    ${line}`));
  if (first !== undefined) lines.push(style.dim(wrap(`Fix: see ${position(first)}.`, width, "  ")));
  else if (remediation.trim() !== "") {
    lines.push(`  ${style.bold("Fix:")}`, ...remedyLines(remediation, width));
  }
  return lines.join("\n");
}

/** Renders the remediation: a line of prose, followed by code to copy. */
function remedyLines(remediation: string, width: number): string[] {
  const [sentence = "", ...snippet] = remediation.trimEnd().split("\n");
  return [wrap(sentence, width, "    "), ...indented(snippet, "    ")];
}

/** Renders unknown verdicts: those that fail under assumptions, then those whose cause is not in the input. */
function unknownBlock(findings: Finding[], width: number, style: Styles): string {
  const { failsIf, causes, single } = foldUnknown(findings);
  const conditional = failsIf.flatMap(({ assumptions, findings: group }) => [
    wrap(`When ${oneLine(assumptions)}:`, width, "  "),
    ...group.map((finding) => {
      const head = `${position(finding)}: ${oneLine(finding.resource)}`;
      return wrap(`${head}: ${finding.rule}: ${oneLine(messageWithoutAssumptions(finding))}`, width, "    ");
    }),
  ]);
  const folded = causes.flatMap(({ cause, findings: group }) => [
    wrap(`${oneLine(cause)}: ${rulesOf(group).join(", ")}`, width, "  "),
    wrap(resourcesOf(group).map(oneLine).join(", "), width, "    "),
  ]);
  const missing = [...folded, ...singleLines(single, width, style)];
  return [
    ...(conditional.length === 0
      ? []
      : [`${style.bold("Unknown")} (fails for some of the possible values):`, ...conditional]),
    ...(conditional.length > 0 && missing.length > 0 ? [""] : []),
    ...(missing.length === 0
      ? []
      : [`${style.bold("Unknown")} (a required value is not in the input):`, ...missing]),
  ].join("\n");
}

/** Renders unknown verdicts with their messages, grouped by location and resource. */
function singleLines(findings: Finding[], width: number, style: Styles): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const head = `${position(finding)}: ${style.blue("unknown")} ${oneLine(finding.resource)}`;
    groups.set(head, [...(groups.get(head) ?? []), finding]);
  }
  return [...groups].flatMap(([head, group]) => [
    `  ${head}`,
    ...group.map(({ rule, message }) => wrap(`${rule}: ${oneLine(message)}`, width, "    ")),
  ]);
}

/** Renders the parts of the inputs that were not checked. */
function unseenBlock(parts: UnseenPart[], width: number, style: Styles): string {
  const lines = parts.flatMap((part) => [
    `  ${oneLine(unseenPosition(part))}: ${style.blue("unseen")} ${oneLine(unseenName(part))}`,
    wrap(oneLine(part.message), width, "    "),
    wrap(oneLine(part.remedy), width, "    "),
  ]);
  return [`${style.bold("Not checked")}:`, ...lines].join("\n");
}

/** Renders suppressed findings with the reason. */
function suppressedBlock(findings: Finding[], width: number, style: Styles): string {
  const lines = findings.flatMap((finding) => {
    const { reason = "", expires } = finding.suppressed ?? {};
    const until = expires === undefined ? "" : ` (until ${expires})`;
    return [
      `  ${position(finding)}: ${style.cyan("suppressed")} ${finding.rule} ${oneLine(finding.resource)}`,
      wrap(oneLine(reason + until), width, "    "),
    ];
  });
  return [style.bold("Suppressed:"), ...lines].join("\n");
}

function summaryLine(report: Report, style: Styles): string {
  const { errors, warnings, notes, unknown, suppressed, resources, files, unread, unseen } = countsOf(report);
  const parts = [
    errors > 0 ? style.red(count(errors, "error")) : "0 errors",
    warnings > 0 ? style.yellow(count(warnings, "warning")) : "0 warnings",
    count(notes, "note"),
    `${unknown} unknown`,
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
  ];
  const rest = [
    ...(unread === 0 ? [] : [`; ${style.red(`${count(unread, "file")} could not be read`)}`]),
    ...(openQuestions(report).length > report.problems.length
      ? [`; ${style.red("incomplete because of --fail-on-unknown")}`]
      : []),
    ...(unseen === 0 ? [] : [`; ${style.yellow(unseenCount(unseen))}`]),
  ].join("");
  return `${count(resources, "resource")} in ${count(files, "file")}: ${parts.join(", ")} (KMS data of ${report.dataVersion})${rest}`;
}
