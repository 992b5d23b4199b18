import type { Finding } from "../core/model/report.ts";
import { type Styles, visible } from "./style.ts";

/** The lines that a finding is about, numbered, its span marked; [] where it has none. */
export function excerptLines(finding: Finding, width: number, style: Styles): string[] {
  const { excerpt, location } = finding;
  if (excerpt === undefined) return [];
  const { firstLine } = excerpt;
  if (firstLine === undefined)
    return excerpt.lines.map((line) => `${style.dim("  │")} ${visible(line)}`.trimEnd());
  const gutter = String(firstLine + excerpt.lines.length - 1).length;
  const blank = " ".repeat(gutter);
  const room = Math.max(40, width - gutter - 7);
  const cut = cutter(excerpt.lines, location.column, room);
  const lines = excerpt.lines.map((line, i) => {
    const number = String(firstLine + i).padStart(gutter);
    return `${style.dim(`${number} │`)} ${cut.line(line)}`.trimEnd();
  });
  const one = location.line === location.endLine;
  if (one && excerpt.lines.length === 1)
    lines.push(`${style.dim(`${blank} │`)} ${mark(finding, cut.from, room, style)}`);
  else if (firstLine + excerpt.lines.length - 1 < location.endLine) lines.push(style.dim(`${blank} │ …`));
  return lines;
}

/** Cuts lines to the room there is: common indentation first, then around the column. */
function cutter(lines: string[], column: number, room: number) {
  const indents = lines.filter((l) => l.trim() !== "").map((l) => (/^[ \t]*/.exec(l)?.[0] ?? "").length);
  const indent = Math.max(0, Math.min(...indents, column - 1));
  const single = lines.length === 1 && (lines[0] as string).length - indent > room;
  const from = single ? Math.max(indent, column - 1 - Math.floor(room / 4)) : indent;
  return {
    from,
    line(text: string): string {
      const shown = text.slice(from).replaceAll("\t", " ");
      return visible(shown.length > room ? `${shown.slice(0, room - 1)}…` : shown);
    },
  };
}

function mark({ level, verdict, location }: Finding, from: number, room: number, style: Styles): string {
  const start = Math.max(0, location.column - 1 - from);
  const length = Math.min(Math.max(1, location.endColumn - location.column), Math.max(1, room - start));
  const color = verdict === "unknown" ? style.blue : level === "error" ? style.red : style.yellow;
  return " ".repeat(start) + color("^".repeat(length));
}
