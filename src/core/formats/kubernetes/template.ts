import type { Hole } from "../../model/node.ts";
import type { Parsed, Problem, Source } from "../../model/source.ts";
import { rangeAt } from "../../parse/lines.ts";
import { isProblem } from "../../parse/problem.ts";
import { parseYaml } from "../../parse/yaml.ts";
import { restorePlaceholders, substituteFor } from "../key-policy/substitute.ts";
import { contentOf, keysIn, pathOf } from "./lines.ts";

/** What a chart's template leaves open in the values that are parsed from it. */
export interface Template {
  /** From an `if`, `range` or `with` on a line of its own to its end. */
  blocks: [start: number, end: number][];
  /** Where further fields are put in, with the keys that they are below. */
  additions: { offset: number; path: string[] }[];
}

const templates = new WeakMap<Parsed, Template>();

/** Of a value that is parsed from a template. */
export const templateOf = (parsed: Parsed): Template | undefined => templates.get(parsed);

export const ofTemplate: Hole = { reason: "filled in by a template", expression: "{{ … }}" };

/** Whether a text is one of Helm's templates, of an object of KMS. */
export const isTemplate = (text: string): boolean =>
  text.includes("{{") &&
  /^[ \t-]*["']?apiVersion["']?\s*:\s*["']?kms\.(services\.k8s\.aws|aws\.)/m.test(text) &&
  !/^\s*[{[]\s*"/.test(text);

/**
 * YAML that is filled in by Helm. An action stands for a text where a text may stand. One on a line of its own is
 * taken out: what is between an `if` and its end may be there or not, and others put in fields.
 */
export function parseTemplate(source: Source): Parsed[] | Problem {
  const { text, written, template } = filled(source.text);
  const values = parseYaml({ path: source.path, text });
  if (isProblem(values)) return values;
  return values.map((inner) => {
    const parsed: Parsed = {
      source,
      value: restorePlaceholders(inner.value, written),
      locate(pointer) {
        const { start, end } = inner.locate(pointer);
        return rangeAt(source, start.offset, end.offset);
      },
    };
    templates.set(parsed, template);
    return parsed;
  });
}

interface Filled {
  text: string;
  written: Map<string, string>;
  template: Template;
}

/** Comments in the place of lines: white space might belong to a text over several lines. */
const blank = (text: string): string =>
  text.replace(/[^\s][^\r\n]*/g, (rest) => `#${" ".repeat(rest.length - 1)}`);

/** The text at its own length, so that places in it are places in the file. */
function filled(source: string): Filled {
  const written = new Map<string, string>();
  const template: Template = { blocks: [], additions: [] };
  const open: { start: number; otherwise?: number }[] = [];
  const skipped: [number, number][] = [];
  let text = "";
  let last = 0;
  for (const { 0: action, index } of source.matchAll(/\{\{(?:-?\s*\/\*[\s\S]*?\*\/\s*-?|[\s\S]*?)\}\}/g)) {
    const end = index + action.length;
    text += source.slice(last, index);
    last = end;
    if (!isAlone(source, index, end)) {
      text += substituteFor(written, action, action.length) ?? blank(action);
      continue;
    }
    const word = /^\{\{-?\s*(\/\*|[\w$]+)/.exec(action)?.[1] ?? "";
    const isControl = /^(if|range|with|define|block|else|end|\/\*|\$\w*)$/.test(word);
    const indent = contentOf(text, source.slice(end), isControl);
    if (indent !== null) {
      // It is all that a key has, or a part of its text over several lines.
      const column = text.length - (text.lastIndexOf("\n") + 1);
      const shift = Math.max(0, indent + 1 - column);
      const filler = substituteFor(written, action, action.length - shift);
      text += filler === null ? blank(action) : " ".repeat(shift) + filler;
      continue;
    }
    if (!isControl) template.additions.push({ offset: index, path: pathOf(text, action) });
    text += blank(action);
    if (/^(if|range|with|define|block)$/.test(word)) open.push({ start: index });
    const top = open.at(-1);
    if (word === "else" && top !== undefined) top.otherwise ??= end;
    if (word !== "end" || top === undefined) continue;
    open.pop();
    template.blocks.push([top.start, end]);
    if (top.otherwise !== undefined) skipped.push([top.otherwise, index]);
  }
  for (const { start } of open) template.blocks.push([start, source.length]);
  text += source.slice(last);
  // Both branches would stand there: the second one counts by its keys.
  for (const [from, to] of skipped) {
    const other = text.slice(from, to);
    if (/^(---|\s*apiVersion\s*:)/m.test(other)) continue;
    const head = text.slice(0, from);
    for (const key of keysIn(other))
      template.additions.push({ offset: from, path: [...pathOf(head, "", other), key] });
    text = head + blank(other) + text.slice(to);
  }
  return { text, written, template };
}

const isAlone = (text: string, start: number, end: number): boolean =>
  /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 200), start)) &&
  /^[ \t]*(\r?\n|$)/.test(text.slice(end, end + 200));
