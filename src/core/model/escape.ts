/**
 * Characters that control a terminal, end a line for some readers, reorder text or are invisible: controls, format
 * characters, line and paragraph separators, unpaired surrogates, and characters that are ignored by default, such as
 * tags. Line breaks and tabs are not among them, nor is the variation selector of an emoji. A selector after an ASCII
 * character is, because a comparison that ignores it would see a command in `##` and `[`.
 */
const UNSAFE =
  /(?!\n|\t|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]|(?<=^|[\0-\x7F]|\uFE0E|\uFE0F)(?:\uFE0E|\uFE0F)/gu;

/** Returns the text with each unsafe character replaced. */
export const replaceUnsafe = (text: string, replacement: (character: string) => string): string =>
  text.replace(UNSAFE, replacement);

/** Escapes unsafe characters as `\u001b`, so that readers see them and terminals don't obey them. */
export const visible = (text: string): string => replaceUnsafe(text, escapeSequence);

/** Returns `\u001b`, or `\u{e0041}` for a code point of more than four digits. */
export function escapeSequence(character: string): string {
  const digits = (character.codePointAt(0) as number).toString(16).padStart(4, "0");
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits}`;
}

/** Escapes like `visible` and joins lines, for names and for formats in which a line is a record. */
export const oneLine = (text: string): string => visible(text).replaceAll("\n", "\\n").replaceAll("\t", " ");

/**
 * The start of a command that an agent finds anywhere in a line: `##[` of GitHub and Azure Pipelines, `##vso[` of Azure
 * Pipelines, `##teamcity[` of TeamCity. Matches the first number sign.
 */
export const COMMAND_IN_LINE = /#(?=#[a-z]*\[)/gi;

/**
 * The start of a line that GitHub runs as a command. GitHub ignores blanks before it. Matches the first colon and what is
 * before it; colors also count as blanks, because some log viewers remove them.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export const COMMAND_AT_START = /^((?:[^\S\n]|\u001B\[\d+m)*):(?=:)/gm;

/** Breaks up commands of CI systems with a space. */
export const withoutCommands = (text: string): string =>
  text.replace(COMMAND_IN_LINE, "# ").replace(COMMAND_AT_START, "$1: ");

/** Returns text of the input on one line, for a message that another program prints. */
export const plainLine = (text: string): string => withoutCommands(oneLine(text));

/** Returns a text with input on several lines, for a message that another program prints. */
export const plainText = (text: string): string => withoutCommands(visible(text));
