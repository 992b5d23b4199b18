import type { Hole } from "../../model/node.ts";
import type { Parsed, Problem, Source } from "../../model/source.ts";
import { rangeAt } from "../../parse/lines.ts";
import { isProblem } from "../../parse/problem.ts";
import { parseYaml } from "../../parse/yaml.ts";
import { fillerFor, restore } from "../policy/fill.ts";

/** What a chart's template leaves open in the values that are parsed from it. */
export interface Template {
  /** From an `if`, `range` or `with` on a line of its own to its end. */
  blocks: [start: number, end: number][];
  /** Lines into which further fields are put. */
  lines: number[];
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
      value: restore(inner.value, written),
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

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** The text at its own length, so that places in it are places in the file. */
function filled(source: string): Filled {
  const written = new Map<string, string>();
  const template: Template = { blocks: [], lines: [] };
  const open: { start: number; otherwise?: number }[] = [];
  const skipped: [number, number][] = [];
  let text = "";
  let last = 0;
  for (const match of source.matchAll(/\{\{(?:-?\s*\/\*[\s\S]*?\*\/\s*-?|[\s\S]*?)\}\}/g)) {
    const [action] = match;
    const { index } = match;
    const end = index + action.length;
    text += source.slice(last, index);
    last = end;
    if (!isAlone(source, index, end)) {
      text += fillerFor(written, action, action.length) ?? blank(action);
      continue;
    }
    const block = blockAround(text);
    const word = /^\{\{-?\s*(\/\*|[\w$]+)/.exec(action)?.[1] ?? "";
    if (block !== null) {
      // In a text that goes over several lines it is a part of it.
      const indent = text.length - (text.lastIndexOf("\n") + 1);
      const shift = Math.max(0, block + 1 - indent);
      const filler = fillerFor(written, action, action.length - shift);
      text += filler === null ? blank(action) : " ".repeat(shift) + filler;
      continue;
    }
    text += blank(action);
    if (/^(if|range|with|define|block)$/.test(word)) open.push({ start: index });
    else if (word === "else") {
      const top = open.at(-1);
      if (top !== undefined) top.otherwise ??= end;
    } else if (word === "end") {
      const top = open.pop();
      if (top === undefined) continue;
      template.blocks.push([top.start, end]);
      if (top.otherwise !== undefined) skipped.push([top.otherwise, index]);
    } else if (word !== "/*" && !/^\{\{-?\s*\$\w+\s*:?=/.test(action)) template.lines.push(index);
  }
  for (const { start } of open) template.blocks.push([start, source.length]);
  text += source.slice(last);
  // What else there may be says nothing certain, and would stand there twice.
  for (const [from, to] of skipped) {
    const other = text.slice(from, to);
    if (!/^(---|\s*apiVersion\s*:)/m.test(other)) text = text.slice(0, from) + blank(other) + text.slice(to);
  }
  return { text, written, template };
}

const isAlone = (text: string, start: number, end: number): boolean =>
  /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 200), start)) &&
  /^[ \t]*(\r?\n|$)/.test(text.slice(end, end + 200));

/**
 * The indentation of the key whose text over several lines a line belongs to; null where it belongs to none. What
 * follows such a key at once is its text, however it is indented.
 */
function blockAround(before: string): number | null {
  const lines = before.split("\n");
  const here = (lines.at(-1) as string).length;
  let indent = Number.POSITIVE_INFINITY;
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    const own = line.length - line.trimStart().length;
    if (line.trim() === "" || own >= indent) continue;
    if (/:\s*[|>][-+\d]*\s*$/.test(line))
      return here > own || indent === Number.POSITIVE_INFINITY ? own : null;
    indent = own;
  }
  return null;
}
