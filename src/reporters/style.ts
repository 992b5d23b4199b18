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

const plain: Style = (text) => text;

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
    : { bold: plain, dim: plain, red: plain, yellow: plain, blue: plain, cyan: plain, green: plain };

/** A text in lines of at most `width`; its own line breaks stay, and so does a longer word. */
export function wrap(text: string, width: number, indent: string): string {
  const lines = text.split("\n").flatMap((line) => wrapLine(line, Math.max(20, width - indent.length)));
  return indented(lines, indent).join("\n");
}

/** Lines as they are, moved to the right. */
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

/** `1 error`, `2 errors`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

// What a terminal would act on, and what makes text look other than it is (bidirectional overrides).
const CONTROL =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** A text of the input as it may go to a terminal. */
export const visible = (text: string): string =>
  text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The same on one line, for forms in which a line is a record. */
export const oneLine = (text: string): string => visible(text).replaceAll("\n", "\\n").replaceAll("\t", " ");
