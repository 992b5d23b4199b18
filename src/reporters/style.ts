export type Style = (text: string) => string;

export interface Styles {
  bold: Style;
  dim: Style;
  red: Style;
  yellow: Style;
  blue: Style;
  cyan: Style;
  green: Style;
}

const sgr =
  (on: number, off: number): Style =>
  (text) =>
    text === "" ? "" : `\u001B[${on}m${text}\u001B[${off}m`;

const unstyled: Style = (text) => text;

const SEQUENCES = /\u001B\[(?:1|2|22|31|32|33|34|36|39)m/g;

/** Returns the text with everything replaced except the sequences of `styles`. */
export function outsideStyles(text: string, replacement: (part: string) => string): string {
  let result = "";
  let end = 0;
  for (const { 0: sequence, index } of text.matchAll(SEQUENCES)) {
    result += replacement(text.slice(end, index)) + sequence;
    end = index + sequence.length;
  }
  return result + replacement(text.slice(end));
}

export const styles = (color: boolean): Styles =>
  color
    ? {
        bold: sgr(1, 22),
        dim: sgr(2, 22),
        red: sgr(31, 39),
        yellow: sgr(33, 39),
        blue: sgr(34, 39),
        cyan: sgr(36, 39),
        green: sgr(32, 39),
      }
    : {
        bold: unstyled,
        dim: unstyled,
        red: unstyled,
        yellow: unstyled,
        blue: unstyled,
        cyan: unstyled,
        green: unstyled,
      };

/** Wraps a text at `width`. Keeps its line breaks and does not split long words. */
export function wrap(text: string, width: number, indent: string): string {
  const lines = text.split("\n").flatMap((line) => wrapLine(line, Math.max(20, width - indent.length)));
  return indented(lines, indent).join("\n");
}

/** Indents lines that are not empty. */
export const indented = (lines: string[], indent: string): string[] =>
  lines.map((line) => (line === "" ? "" : indent + line));

function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lead = /^\s*/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.trim().split(/ +/)) {
    if (current !== "" && lead.length + current.length + 1 + word.length > width) {
      lines.push(lead + current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, lead + current];
}

/** Returns a number with its noun: `1 error`, `2 errors`. */
export const count = (n: number, singular: string, plural = `${singular}s`): string =>
  `${n} ${n === 1 ? singular : plural}`;
