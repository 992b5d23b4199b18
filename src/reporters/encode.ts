/** The last step of every output. Each encoder escapes what is unsafe in its syntax, wherever the text came from. */
import {
  COMMAND_AT_START,
  COMMAND_IN_LINE,
  escapeSequence,
  oneLine,
  plainLine,
  plainText,
  replaceUnsafe,
  visible,
  withoutCommands,
} from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import { outsideStyles } from "./style.ts";

/** Encodes plain text. With `color`, keeps the styles of src/reporters/style.ts. */
export function encodeText(text: string, color = false): OutputText {
  if (!color) return plainText(text) as OutputText;
  const escaped = outsideStyles(text, visible);
  return withoutCommands(escaped) as OutputText;
}

/** Encodes a value as JSON and a line break. */
export const encodeJson = (value: unknown, indent?: number | string): OutputText =>
  encodeJsonText(`${JSON.stringify(value, null, indent)}\n`);

/** Escapes unsafe characters and commands in JSON. A parser returns the same value. */
export const encodeJsonText = (json: string): OutputText =>
  replaceUnsafe(json, jsonEscape).replace(COMMAND_IN_LINE, "\\u0023") as OutputText;

const jsonEscape = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => escapeSequence(character.charAt(i))).join("");

/** Encodes an HTML or XML document. Character references, unlike spaces, do not change what a reader sees. */
export const encodeMarkup = (document: string): OutputText =>
  visible(document).replace(COMMAND_IN_LINE, "&#35;").replace(COMMAND_AT_START, "$1&#58;") as OutputText;

/** A line of the log of a CI system. Without `command`, the line is plain text. */
export interface CommandLine {
  /** The command of Keywarden at the start of the line, without any input. */
  command?: string;
  text: string;
}

/** Encodes lines for a CI system. The only commands are those of the lines. */
export const encodeCommands = (lines: CommandLine[]): OutputText =>
  lines
    .map(({ command, text }) =>
      command === undefined ? plainLine(text) : command + oneLine(text).replace(COMMAND_IN_LINE, "# "),
    )
    .map((line) => `${line}\n`)
    .join("") as OutputText;

/** Encodes a status line, which replaces the line before it on a terminal. */
export const encodeStatus = (text: string, width: number): OutputText =>
  `${clearStatus}${plainLine(text).slice(0, width)}` as OutputText;

/** Clears a status line. */
export const clearStatus = "\r\u001B[K" as OutputText;

/** Joins outputs that end with a line break. */
export const joinOutputs = (separator: "" | "\n", outputs: OutputText[]): OutputText =>
  outputs.join(separator) as OutputText;
