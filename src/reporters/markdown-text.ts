import { oneLine } from "../core/model/escape.ts";

/**
 * Matches everything that Markdown does not show as it is: the number of a list item, the start of a reference of GitHub
 * or GitLab (the group) or of a link, the sign of a heading, a list item or an underline, and markup, including math.
 */
const SPECIAL =
  /^\d+(?=[.)])|([@#~!%&$](?=["\w])|:(?=\/\/)|www(?=\.)|\bgh(?=-\d))|^[-+=#]|[\\`*_{}[\]|~!&$<>]/gi;

/**
 * Escapes a string of the input: nothing in it is markup, a link, a mention, or a reference to an issue. GitHub looks for
 * references in the rendered text, where an escape does not hide one, but a comment does.
 */
export const escapeMarkdown = (text: string): string =>
  oneLine(text)
    .replace(/\s+/g, " ")
    .replace(SPECIAL, (found, reference) => escaped(found) + (reference === undefined ? "" : "<!-- -->"));

function escaped(found: string): string {
  if (/^\d/.test(found)) return `${found}\\`;
  if (/[&<>$`]/.test(found)) return `&#${found.charCodeAt(0)};`;
  return /[a-z]/i.test(found) ? found : `\\${found}`;
}

/** Renders prose from rule metadata, including its code spans. */
export const proseMarkdown = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 0 ? escapeMarkdown(part) : codeSpan(part)))
    .join("");

/** Renders a string of the input as a code span. */
export function codeSpan(text: string): string {
  const line = oneLine(text).replace(/\s+/g, " ").replaceAll("|", "\\|");
  if (line === "") return "` `";
  if (!line.includes("`")) return `\`${line}\``;
  const longest = Math.max(...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}
