import type { Location, Source } from "../model/source.ts";
import { isTerraform } from "../model/terraform-module.ts";
import { outlineOfHcl } from "../parse/hcl.ts";
import type { Span } from "../parse/json-scan.ts";
import { pointAt } from "../parse/lines.ts";
import { yamlComments } from "../parse/yaml-comments.ts";
import { covers, type Unit, type Units } from "./comment-targets.ts";
import { directiveIn } from "./directive.ts";
import type { Written } from "./suppression.ts";

const mark = /^(?:#+|\/\/+|\/?\*+)?[ \t]*keywarden:ignore(?![\w-])[ \t:]*(.*?)[ \t]*(?:\*+\/)?$/;

/** The suppressions in the comments of a text. */
export function suppressionsInComments(source: Source, units: Units): Written[] {
  const { path, text } = source;
  if (!text.includes("keywarden:ignore")) return [];
  const hcl = isTerraform(path);
  if (path.endsWith(".json") || (!hcl && /^\uFEFF?\s*[{[]/.test(text))) return [];
  const lines = new Lines(source, hcl ? outlineOfHcl(text).comments : yamlComments(text));
  const all = lines.comments.flatMap((comment) => {
    const words = mark.exec(comment.text)?.[1];
    return words === undefined ? [] : [{ comment, words }];
  });
  if (all.length === 0) return [];
  const places = hcl ? units.ofHcl(source) : units.ofYaml(source);
  return all.map(({ comment, words }): Written => {
    const found = unitsAt(comment, lines, places, !hcl);
    return {
      ...directiveIn(words),
      by: "comment",
      location: comment.location,
      covers: (finding) => found.some((unit) => covers(unit, finding)),
      ...(found.length === 0
        ? { wrong: "it stands neither in a resource or statement nor on the line above one" }
        : {}),
    };
  });
}

/** A comment, or a line of one that has several. */
interface Comment {
  text: string;
  line: number;
  /** Nothing else stands on the line. */
  alone: boolean;
  location: Location;
}

class Lines {
  readonly comments: Comment[];
  readonly #lines: string[];
  /** The lines with nothing but comments. */
  readonly #comments: Set<number>;

  constructor(source: Source, spans: Span[]) {
    const { text, path } = source;
    this.#lines = text.split(/\r\n|\r|\n/);
    const rest = [...this.#lines];
    this.comments = spans.flatMap(([from, to]) => {
      const start = pointAt(source, from);
      return text
        .slice(from, to)
        .split(/\r\n|\r|\n/)
        .map((words, i): Comment => {
          const line = start.line + i;
          rest[line - 1] = (rest[line - 1] as string).replace(words, "");
          const column = i === 0 ? start.column : words.length - words.trimStart().length + 1;
          const written = words.trim();
          return {
            text: written,
            line,
            alone: false,
            location: {
              file: path,
              line,
              column,
              endLine: line,
              endColumn: column + written.length,
              pointer: "",
            },
          };
        });
    });
    for (const comment of this.comments) comment.alone = rest[comment.line - 1]?.trim() === "";
    this.#comments = new Set(this.comments.filter(({ alone }) => alone).map(({ line }) => line));
  }

  /** The first line from `line` on, in steps of `by`, that is no comment. */
  past(line: number, by: 1 | -1): number {
    let here = line;
    while (this.#comments.has(here)) here += by;
    return here;
  }

  isBlank = (line: number): boolean => /^(---.*)?\s*$/.test(this.#lines[line - 1] ?? "");

  /** The column of what stands first on a line. */
  indent = (line: number): number => (this.#lines[line - 1] ?? "").search(/\S/);
}

/** What a comment applies to: what starts on the line below it, else the innermost that it stands in. */
function unitsAt({ line, alone }: Comment, lines: Lines, units: Unit[], byIndent: boolean): Unit[] {
  const containing = (at: number) => units.filter((unit) => unit.line <= at && at <= unit.endLine);
  if (!alone) return innermost(containing(line));
  const next = lines.past(line, 1);
  const outdented = byIndent && lines.indent(next) < lines.indent(line);
  if (!lines.isBlank(next) && !outdented) {
    const below = units.filter((unit) => unit.line === next);
    if (below.length > 0) return outermost(below);
  }
  const around = containing(line);
  if (!byIndent) return innermost(around);
  // Behind the last line of a value, YAML shows by the indentation alone what a comment belongs to.
  let before = line;
  while (before > 0 && (lines.isBlank(before) || lines.past(before, -1) !== before)) before--;
  const ended = containing(before).filter(
    (unit) => !around.includes(unit) && lines.indent(unit.line) < lines.indent(line),
  );
  return innermost([...around, ...ended]);
}

const length = ({ line, endLine }: Unit): number => endLine - line;

const innermost = (units: Unit[]): Unit[] => {
  const least = Math.min(...units.map(length));
  return units.filter((unit) => length(unit) === least);
};

const outermost = (units: Unit[]): Unit[] => {
  const most = Math.max(...units.map(length));
  return units.filter((unit) => length(unit) === most);
};
