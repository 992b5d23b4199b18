import { visible } from "../core/model/escape.ts";
import type { Finding } from "../core/model/report.ts";
import type { Styles } from "./style.ts";

/** Returns the numbered lines of a finding, with its range marked, or [] if the finding has no excerpt. */
export function excerptLines(finding: Finding, width: number, style: Styles): string[] {
  const { excerpt, location } = finding;
  if (excerpt === undefined) return [];
  const { firstLine } = excerpt;
  if (firstLine === undefined)
    return excerpt.lines.map((line) => `${style.dim("  │")} ${visible(line)}`.trimEnd());
  const gutter = String(firstLine + excerpt.lines.length - 1).length;
  const blank = " ".repeat(gutter);
  const available = Math.max(40, width - gutter - 7);
  const cut = lineCutter(excerpt.lines, location.column, available);
  const lines = excerpt.lines.map((line, i) => {
    const number = String(firstLine + i).padStart(gutter);
    return `${style.dim(`${number} │`)} ${cut.line(line)}`.trimEnd();
  });
  const isSingleLine = location.line === location.endLine;
  if (isSingleLine && excerpt.lines.length === 1)
    lines.push(`${style.dim(`${blank} │`)} ${mark(finding, cut.from, available, style)}`);
  else if (firstLine + excerpt.lines.length - 1 < location.endLine) lines.push(style.dim(`${blank} │ …`));
  return lines;
}

/** Cuts lines to the available width: removes common indentation first, then text far from the column. */
function lineCutter(lines: string[], column: number, available: number) {
  const indents = lines.filter((l) => l.trim() !== "").map((l) => (/^[ \t]*/.exec(l)?.[0] ?? "").length);
  const indent = Math.max(0, Math.min(...indents, column - 1));
  const isLong = lines.length === 1 && (lines[0] as string).length - indent > available;
  const from = isLong ? Math.max(indent, column - 1 - Math.floor(available / 4)) : indent;
  return {
    from,
    line(text: string): string {
      const part = text.slice(from).replaceAll("\t", " ");
      return visible(part.length > available ? `${part.slice(0, available - 1)}…` : part);
    },
  };
}

function mark({ level, verdict, location }: Finding, from: number, available: number, style: Styles): string {
  const start = Math.max(0, location.column - 1 - from);
  const length = Math.min(Math.max(1, location.endColumn - location.column), Math.max(1, available - start));
  const color = verdict === "unknown" ? style.blue : level === "error" ? style.red : style.yellow;
  return " ".repeat(start) + color("^".repeat(length));
}
