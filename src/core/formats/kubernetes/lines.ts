/*
 * What the lines of a YAML text tell of the place between them, where the text is not YAML yet.
 */

const indentOf = (line: string): number => line.length - line.trimStart().length;

const key = /^\s*(?:- )?["']?([\w./-]+)["']?\s*:(\s|$)/;
const isHead = (line: string): boolean => /:\s*[|>][-+\d]*\s*$/.test(line);
/** White space, a comment, or an action that was taken out. */
const isNothing = (line: string): boolean => /^\s*(#|$)/.test(line);
const isEmptyKey = (line: string): boolean => key.test(line) && /:\s*$/.test(line);

/**
 * The indentation of the key whose content an action on a line of its own is: a part of a text over several lines, or
 * all that the key has, which a control structure is not. Null where it is none. What follows a key at once is the
 * key's, however it is indented.
 */
export function contentOf(before: string, after: string, isControl: boolean): number | null {
  const lines = before.split("\n");
  const here = (lines.at(-1) as string).length;
  let indent = Number.POSITIVE_INFINITY;
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    const own = indentOf(line);
    if (isNothing(line) || own >= indent) continue;
    const isNext = indent === Number.POSITIVE_INFINITY;
    if (isHead(line)) return here > own || isNext ? own : null;
    if (isNext && !isControl && isEmptyKey(line)) return isFollowed(after, own) ? null : own;
    indent = own;
  }
  return null;
}

/** Whether what follows belongs to a key of an indentation, actions aside. */
function isFollowed(after: string, indent: number): boolean {
  const next = after.split("\n").find((line) => line.trim() !== "" && !/^\s*(\{\{|#)/.test(line));
  return (
    next !== undefined && (indentOf(next) > indent || (indentOf(next) === indent && /^\s*- /.test(next)))
  );
}

/** The keys that a place is below, by its indentation: that of the action (`nindent 4`) or of the text there. */
export function pathOf(before: string, action: string, content = ""): string[] {
  const lines = before.split("\n");
  const said = /\bn?indent\s+(\d+)/.exec(action)?.[1];
  const first = content.split("\n").find((line) => line.trim() !== "");
  let indent =
    said !== undefined
      ? Number(said)
      : first !== undefined
        ? indentOf(first)
        : (lines.at(-1) as string).length;
  const path: string[] = [];
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    const own = indentOf(line);
    const name = key.exec(line)?.[1];
    if (own >= indent || name === undefined) continue;
    indent = own;
    path.unshift(name);
  }
  return path;
}

/** The least indented keys of a text. */
export function keysIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => key.test(line));
  const least = Math.min(...lines.map(indentOf));
  return lines.filter((line) => indentOf(line) === least).map((line) => key.exec(line)?.[1] as string);
}
