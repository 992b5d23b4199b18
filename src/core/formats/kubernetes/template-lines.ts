/*
 * Determines the position of a Helm action in a YAML document from the surrounding lines. The text is not valid YAML
 * until Helm renders it.
 */

const indentOf = (line: string): number => line.length - line.trimStart().length;

const key = /^\s*(?:- )?["']?([\w./-]+)["']?\s*:(\s|$)/;
const isBlockScalarHeader = (line: string): boolean => /:\s*[|>][-+\d]*\s*$/.test(line);
/** Matches white space, comments, and actions that were replaced with comments. */
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);
const isEmptyKey = (line: string): boolean => key.test(line) && /:\s*$/.test(line);

/**
 * Returns the indentation of the key whose value contains an action on its own line; null if there is none. The action is
 * part of a multi-line string, or the entire value of the key. A control structure is never an entire value. An action
 * directly after a key belongs to it, regardless of its indentation.
 */
export function contentIndent(before: string, after: string, isControl: boolean): number | null {
  const lines = before.split("\n");
  const actionIndent = (lines.at(-1) as string).length;
  let indent = Number.POSITIVE_INFINITY;
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    const lineIndent = indentOf(line);
    if (isBlank(line) || lineIndent >= indent) continue;
    const isNext = indent === Number.POSITIVE_INFINITY;
    if (isBlockScalarHeader(line)) return actionIndent > lineIndent || isNext ? lineIndent : null;
    if (isNext && !isControl && isEmptyKey(line))
      return hasContentBelow(after, lineIndent) ? null : lineIndent;
    indent = lineIndent;
  }
  return null;
}

/** Returns whether the next line, ignoring actions, belongs to a key with the given indentation. */
function hasContentBelow(after: string, indent: number): boolean {
  const next = after.split("\n").find((line) => line.trim() !== "" && !/^\s*(\{\{|#)/.test(line));
  return (
    next !== undefined && (indentOf(next) > indent || (indentOf(next) === indent && /^\s*- /.test(next)))
  );
}

/** Returns the path of keys that contain an action, by the indentation of the action (`nindent 4`) or of `content`. */
export function keyPathAt(before: string, action: string, content = ""): string[] {
  const lines = before.split("\n");
  const declared = /\bn?indent\s+(\d+)/.exec(action)?.[1];
  const first = content.split("\n").find((line) => line.trim() !== "");
  let indent =
    declared !== undefined
      ? Number(declared)
      : first !== undefined
        ? indentOf(first)
        : (lines.at(-1) as string).length;
  const path: string[] = [];
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    const lineIndent = indentOf(line);
    const name = key.exec(line)?.[1];
    if (lineIndent >= indent || name === undefined) continue;
    indent = lineIndent;
    path.unshift(name);
  }
  return path;
}

/** Returns the keys with the smallest indentation. */
export function topLevelKeys(text: string): string[] {
  const lines = text.split("\n").filter((line) => key.test(line));
  const smallest = Math.min(...lines.map(indentOf));
  return lines.filter((line) => indentOf(line) === smallest).map((line) => key.exec(line)?.[1] as string);
}
