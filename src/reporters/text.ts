import type { Finding, Report } from "../core/model/report.ts";
import { excerptLines } from "./excerpt.ts";
import { count, indented, type Styles, styles, visible, wrap } from "./style.ts";
import { countsOf } from "./summary.ts";

export interface TextOptions {
  color: boolean;
  /** Of the terminal; 100 by default. */
  width?: number;
  /** Exceptions are counted, and not listed. */
  suppressExceptions?: boolean;
}

/** The report for people: each failure with what to write instead, what could not be decided, a summary line. */
export function text(report: Report, options: TextOptions): string {
  const style = styles(options.color);
  const width = options.width ?? 100;
  const failed = report.findings.filter((f) => f.verdict === "fail");
  const unknown = report.findings.filter((f) => f.verdict === "unknown");
  const explained = new Map<string, Finding>();
  const blocks = failed.map((finding) => {
    const first = explained.get(finding.rule);
    if (first === undefined) explained.set(finding.rule, finding);
    return failure(finding, first, width, style);
  });
  if (unknown.length > 0) blocks.push(undecided(unknown, width, style));
  // A baseline is there to be quiet about what was known.
  const told = report.exceptions.filter(({ suppressed }) => suppressed?.by !== "baseline");
  if (told.length > 0 && options.suppressExceptions !== true) blocks.push(excepted(told, width, style));
  blocks.push(summary(report, style));
  return `${blocks.join("\n\n")}\n`;
}

/** What could not be read (or `what` else is wrong), and remarks: for standard error, in every output format. */
export function problemsText(
  { problems, notices }: Pick<Report, "problems" | "notices">,
  options: TextOptions,
  what = "cannot read",
): string {
  const style = styles(options.color);
  const lines = problems.map((problem) => {
    const where = `${visible(problem.file)}${position(problem)}`;
    const remedy = wrap(visible(problem.remedy), options.width ?? 100, "  ");
    return `${style.bold(where)}: ${style.red(what)}: ${visible(problem.message)}\n${remedy}\n`;
  });
  const remarks = notices.map((notice) => `${visible(notice.file)}${position(notice)}: ${notice.message}\n`);
  return [...lines, ...remarks].join("");
}

const position = ({ line, column }: { line?: number; column?: number }): string =>
  line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;

const place = ({ location }: Finding): string =>
  `${visible(location.file)}:${location.line}:${location.column}`;

/** A failure; where the rule has been explained before (`first`), the way there. */
function failure(finding: Finding, first: Finding | undefined, width: number, style: Styles): string {
  const { level, rule, resource, message, why, remediation } = finding;
  const color = level === "error" ? style.red : level === "warning" ? style.yellow : style.dim;
  const lines = [`${style.bold(place(finding))}: ${color(level)} ${style.bold(rule)} ${visible(resource)}`];
  lines.push(wrap(visible(message), width, "  "));
  if (first === undefined) lines.push(wrap(why, width, "  "));
  lines.push(...excerptLines(finding, width, style).map((line) => `    ${line}`));
  if (first !== undefined) lines.push(style.dim(wrap(`Write instead: as at ${place(first)}.`, width, "  ")));
  else if (remediation.trim() !== "") {
    lines.push(`  ${style.bold("Write instead:")}`, ...remedy(remediation, width));
  }
  return lines.join("\n");
}

/** A line of words, and what is to be pasted as it is. */
function remedy(remediation: string, width: number): string[] {
  const [words = "", ...snippet] = remediation.trimEnd().split("\n");
  return [wrap(words, width, "    "), ...indented(snippet, "    ")];
}

/** Unknown verdicts, place by place. */
function undecided(findings: Finding[], width: number, style: Styles): string {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const head = `${place(finding)}: ${style.blue("unknown")} ${visible(finding.resource)}`;
    groups.set(head, [...(groups.get(head) ?? []), finding]);
  }
  const lines = [...groups].flatMap(([head, group]) => [
    `  ${head}`,
    ...group.map(({ rule, message }) => wrap(`${rule}: ${visible(message)}`, width, "    ")),
  ]);
  return [
    `${style.bold("Could not be decided")}, for lack of a value that the input does not hold:`,
    ...lines,
  ].join("\n");
}

/** What is suppressed, and why. */
function excepted(findings: Finding[], width: number, style: Styles): string {
  const lines = findings.flatMap((finding) => {
    const { reason = "", expires } = finding.suppressed ?? {};
    const until = expires === undefined ? "" : ` (until ${expires})`;
    return [
      `  ${place(finding)}: ${style.cyan("suppressed")} ${finding.rule} ${visible(finding.resource)}`,
      wrap(visible(reason) + until, width, "    "),
    ];
  });
  return [style.bold("Suppressed:"), ...lines].join("\n");
}

function summary(report: Report, style: Styles): string {
  const { errors, warnings, notes, unknown, suppressed, resources, files, unread } = countsOf(report);
  const parts = [
    errors > 0 ? style.red(count(errors, "error")) : "0 errors",
    warnings > 0 ? style.yellow(count(warnings, "warning")) : "0 warnings",
    count(notes, "note"),
    `${unknown} unknown`,
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
  ];
  const rest = unread === 0 ? "" : `; ${style.red(`${count(unread, "file")} could not be read`)}`;
  return `${count(resources, "resource")} in ${count(files, "file")}: ${parts.join(", ")} (KMS data of ${report.dataVersion})${rest}`;
}
