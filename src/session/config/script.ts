import { basename } from "node:path";
import type { Parsed, Problem, Source } from "../../core/model/source.ts";
import { rangeAt } from "../../core/parse/lines.ts";
import { pointerParts } from "../../core/parse/pointer.ts";
import { sourceProblem } from "../../core/parse/problem.ts";
import { runConfig } from "../../node/config.ts";
import { foreignMessage, isForeign, plain } from "./plain.ts";

/** What a configuration in JavaScript or TypeScript gives. Its lines are found by its keys: it may be computed. */
export function readScript(path: string, source: Source): Parsed | Problem {
  let given: unknown;
  try {
    given = runConfig(path);
  } catch (error) {
    return failure(path, source, error);
  }
  const locate = locator(source);
  const value = plain(given);
  if (!isForeign(value)) return { source, value, locate };
  const { line, column } = locate(value.pointer).start;
  const message = foreignMessage(value, "The default export");
  return { file: source.path, line, column, message, remedy: "Export the value itself." };
}

/** Each key after the one that it stands in; of a list, the one of the same number. */
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

function failure(path: string, source: Source, error: unknown): Problem {
  const { code, stack = "", message = String(error) } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const waits = code === "ERR_REQUIRE_ASYNC_MODULE" ? source.text.search(/\bawait\b/) : -1;
  if (waits >= 0)
    return sourceProblem(
      source,
      waits,
      "The configuration awaits something at its top level.",
      "Read what it needs without await: a check starts synchronously.",
    );
  const said = message.split("\n")[0] as string;
  const name = basename(path).replaceAll(".", "\\.");
  const [, own] = new RegExp(`${name}(?:\\?[^:\\s]*)?:(\\d+)`).exec(stack) ?? [];
  const line = own === undefined ? lineOfQuoted(said, source) : Number(own);
  const [, other] = line === undefined ? (/((?:file:\/\/)?\/[^\s()]+:\d+):\d+/.exec(stack) ?? []) : [];
  const [what, remedy] = explained(path, other === undefined ? said : `${said} (${other})`);
  return { file: source.path, ...(line === undefined ? {} : { line }), message: what, remedy };
}

/** Node tells no line of what it cannot parse or import, but a word or file, which mostly stands there once. */
function lineOfQuoted(said: string, { text }: Source): number | undefined {
  const [, quoted] = /'([^']+)'/.exec(said) ?? [];
  const parts = quoted === undefined ? [] : text.split(basename(quoted));
  return parts.length === 2 ? (parts[0] as string).split("\n").length : undefined;
}

function explained(path: string, said: string): [message: string, remedy: string] {
  if (path.endsWith(".ts") && !stripsTypes())
    return [
      `Node ${process.versions.node} reads no TypeScript: ${said}.`,
      "Use Node 22.18 or later, or name the file keywarden.config.mjs and write its types as comments.",
    ];
  const stop = /[.!?]$/.test(said) ? "" : ".";
  return [`The configuration throws: ${said}${stop}`, "Correct the file; it is run by Node as it stands."];
}

const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);
