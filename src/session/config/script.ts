import { basename } from "node:path";
import type { Parsed, Problem, Source } from "../../core/model/source.ts";
import { rangeAt } from "../../core/parse/lines.ts";
import { pointerParts } from "../../core/parse/pointer.ts";
import { sourceProblem } from "../../core/parse/problem.ts";
import { runConfig } from "../../node/config.ts";
import { isUnsupported, toJson, unsupportedMessage } from "./json.ts";

/** Runs a config in JavaScript or TypeScript. Locates values by their keys, because values may be computed. */
export function readScript(path: string, source: Source): Parsed | Problem {
  let exported: unknown;
  try {
    exported = runConfig(path);
  } catch (error) {
    return scriptProblem(path, source, error);
  }
  const locate = locator(source);
  const value = toJson(exported);
  if (!isUnsupported(value)) return { source, value, locate };
  const { line, column } = locate(value.pointer).start;
  const message = unsupportedMessage(value, "The default export");
  return { file: source.path, line, column, message, remedy: "Export the plain value." };
}

/** Finds each key after the key that contains it, and a list item as the key with the same number. */
function locator({ text }: Source): Parsed["locate"] {
  const start = Math.max(0, text.search(/^\s*(export default|module\.exports|exports\.)/m));
  return (pointer) => {
    let offset = start;
    let nth = 0;
    for (const part of pointerParts(pointer)) {
      if (/^\d{1,4}$/.test(part)) {
        nth = Number(part);
        continue;
      }
      const key = new RegExp(`(?<![\\w$-])(["']?)${part.replace(/[^\w-]/g, "\\$&")}\\1\\s*:`, "g");
      key.lastIndex = offset;
      let found = key.exec(text);
      for (; nth > 0 && found !== null; nth--) found = key.exec(text) ?? found;
      if (found === null) break;
      offset = found.index;
    }
    return rangeAt({ path: "", text }, offset, offset);
  };
}

function scriptProblem(path: string, source: Source, error: unknown): Problem {
  const { code, stack = "", message = String(error) } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const awaitOffset = code === "ERR_REQUIRE_ASYNC_MODULE" ? source.text.search(/\bawait\b/) : -1;
  if (awaitOffset >= 0)
    return sourceProblem(
      source,
      awaitOffset,
      "The config file uses top-level await.",
      "Read the values synchronously: Keywarden loads the config file without waiting.",
    );
  const reason = message.split("\n")[0] as string;
  const name = basename(path).replaceAll(".", "\\.");
  const [, scriptLine] = new RegExp(`${name}(?:\\?[^:\\s]*)?:(\\d+)`).exec(stack) ?? [];
  const line = scriptLine === undefined ? lineOfQuoted(reason, source) : Number(scriptLine);
  const [, otherLocation] =
    line === undefined ? (/((?:file:\/\/)?\/[^\s()]+:\d+):\d+/.exec(stack) ?? []) : [];
  const [text, remedy] = explainError(
    path,
    otherLocation === undefined ? reason : `${reason} (${otherLocation})`,
  );
  return { file: source.path, ...(line === undefined ? {} : { line }), message: text, remedy };
}

/** Node reports no line for syntax and import errors, but it quotes a word or file that usually occurs once. */
function lineOfQuoted(reason: string, { text }: Source): number | undefined {
  const [, quoted] = /'([^']+)'/.exec(reason) ?? [];
  const parts = quoted === undefined ? [] : text.split(basename(quoted));
  return parts.length === 2 ? (parts[0] as string).split("\n").length : undefined;
}

function explainError(path: string, reason: string): [message: string, remedy: string] {
  if (path.endsWith(".ts") && !stripsTypes())
    return [
      `Node.js ${process.versions.node} cannot run TypeScript: ${reason}.`,
      "Use Node.js 22.18 or later, or rename the file to keywarden.config.mjs and write types as comments.",
    ];
  const stop = /[.!?]$/.test(reason) ? "" : ".";
  return [`The config file throws an error: ${reason}${stop}`, "Fix the script. Node.js runs it unchanged."];
}

const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);
