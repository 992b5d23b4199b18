import type { HclOutline } from "../model/hcl-outline.ts";
import { mayContainSuppression } from "../model/inline-suppression.ts";
import type { Location, Parsed, Source } from "../model/source.ts";
import { isTerraform } from "../model/terraform-module.ts";
import type { Span } from "../parse/json-scan.ts";
import { pointAt } from "../parse/lines.ts";
import { yamlComments } from "../parse/yaml-comments.ts";
import { type CommentTarget, type CommentTargets, targetMatches } from "./comment-targets.ts";
import { parseDirective } from "./directive.ts";
import type { SuppressionEntry } from "./suppression.ts";

const directiveComment = /^(?:#+|\/\/+|\/?\*+)?[ \t]*keywarden:ignore(?![\w-])[ \t:]*(.*?)[ \t]*(?:\*+\/)?$/;

/** Returns the suppressions in the comments of a YAML or HCL source. JSON has no comments. */
export function commentSuppressions(
  { source, outline }: Parsed,
  targets: CommentTargets,
): SuppressionEntry[] {
  const { path, text } = source;
  if (!mayContainSuppression(text)) return [];
  const hcl = isTerraform(path);
  if (path.endsWith(".json") || (!hcl && /^\uFEFF?\s*[{[]/.test(text))) return [];
  const lines = new CommentLines(source, hcl ? hclComments(outline) : yamlComments(text));
  const all = lines.comments.flatMap((comment) => {
    const directive = directiveComment.exec(comment.text)?.[1];
    return directive === undefined ? [] : [{ comment, directive }];
  });
  if (all.length === 0) return [];
  const inSource = hcl ? targets.inHcl(path, outline?.blocks ?? []) : targets.inYaml(source);
  return all.map(({ comment, directive }): SuppressionEntry => {
    const found = targetsOfComment(comment, lines, inSource, !hcl);
    return {
      ...parseDirective(directive),
      by: "comment",
      location: comment.location,
      matches: (finding) => found.some((target) => targetMatches(target, finding)),
      ...(found.length === 0
        ? { invalidReason: "it is not in a resource or statement, or on the line above one" }
        : {}),
    };
  });
}

const hclComments = (outline: HclOutline | undefined): Span[] =>
  (outline?.comments ?? []).map(({ start, end }): Span => [start, end]);

/** A comment, or one line of a comment that spans several. */
interface Comment {
  text: string;
  line: number;
  /** True if the line contains nothing else. */
  isOnOwnLine: boolean;
  location: Location;
}

class CommentLines {
  readonly comments: Comment[];
  readonly #lines: string[];
  /** Numbers of the lines that contain only comments. */
  /** By line: the line itself, or the first one below that does not consist of comments only. */
  readonly #below: number[] = [];
  /** By line: the line itself, or the first one above that has content; 0 if there is none. */
  readonly #above: number[] = [0];

  constructor(source: Source, spans: Span[]) {
    const { text, path } = source;
    this.#lines = text.split(/\r\n|\r|\n/);
    const rest = [...this.#lines];
    this.comments = spans.flatMap(([from, to]) => {
      const start = pointAt(source, from);
      return text
        .slice(from, to)
        .split(/\r\n|\r|\n/)
        .map((part, i): Comment => {
          const line = start.line + i;
          rest[line - 1] = (rest[line - 1] as string).replace(part, "");
          const column = i === 0 ? start.column : part.length - part.trimStart().length + 1;
          const trimmed = part.trim();
          return {
            text: trimmed,
            line,
            isOnOwnLine: false,
            location: {
              file: path,
              line,
              column,
              endLine: line,
              endColumn: column + trimmed.length,
              pointer: "",
            },
          };
        });
    });
    for (const comment of this.comments) comment.isOnOwnLine = rest[comment.line - 1]?.trim() === "";
    const alone = new Set(this.comments.filter((comment) => comment.isOnOwnLine).map(({ line }) => line));
    const last = this.#lines.length;
    for (let line = last; line > 0; line--)
      this.#below[line] = alone.has(line) ? (this.#below[line + 1] ?? line + 1) : line;
    for (let line = 1; line <= last; line++)
      this.#above[line] = alone.has(line) || this.isBlank(line) ? (this.#above[line - 1] as number) : line;
  }

  /** Returns the first line from `line` on that does not consist of comments only. */
  skipComments = (line: number): number => this.#below[line] ?? line;

  /** Returns the last line up to `line` that has content, or 0. */
  lastContent = (line: number): number => this.#above[line] ?? 0;

  isBlank = (line: number): boolean => /^(---.*)?\s*$/.test(this.#lines[line - 1] ?? "");

  /** Returns the indentation of a line, or -1 if the line is blank. */
  indent = (line: number): number => (this.#lines[line - 1] ?? "").search(/\S/);
}

/** Returns the targets that start on the line below a comment; if there are none, the innermost that contain it. */
function targetsOfComment(
  { line, isOnOwnLine: alone }: Comment,
  lines: CommentLines,
  targets: CommentTarget[],
  byIndent: boolean,
): CommentTarget[] {
  const containing = (at: number) => targets.filter((target) => target.line <= at && at <= target.endLine);
  if (!alone) return innermost(containing(line));
  const next = lines.skipComments(line);
  const outdented = byIndent && lines.indent(next) < lines.indent(line);
  if (!lines.isBlank(next) && !outdented) {
    const below = targets.filter((target) => target.line === next);
    if (below.length > 0) return outermost(below);
  }
  const enclosing = containing(line);
  if (!byIndent) return innermost(enclosing);
  // After the last line of a YAML value, only the indentation shows what the comment belongs to.
  const ended = containing(lines.lastContent(line)).filter(
    (target) => !enclosing.includes(target) && lines.indent(target.line) < lines.indent(line),
  );
  return innermost([...enclosing, ...ended]);
}

const length = ({ line, endLine }: CommentTarget): number => endLine - line;

const innermost = (targets: CommentTarget[]): CommentTarget[] => {
  const shortest = Math.min(...targets.map(length));
  return targets.filter((target) => length(target) === shortest);
};

const outermost = (targets: CommentTarget[]): CommentTarget[] => {
  const longest = Math.max(...targets.map(length));
  return targets.filter((target) => length(target) === longest);
};
