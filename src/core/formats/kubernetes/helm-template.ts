import type { UnknownPart } from "../../model/node.ts";
import type { Parsed, Problem, Source } from "../../model/source.ts";
import { rangeAt } from "../../parse/lines.ts";
import { isProblem, sourceProblem } from "../../parse/problem.ts";
import { parseYaml } from "../../parse/yaml.ts";
import { restorePlaceholders, substituteFor } from "../key-policy/substitute.ts";
import { contentIndent, keyPathAt, topLevelKeys } from "./template-lines.ts";

/** The parts of a Helm template that are unknown until Helm renders it. Offsets are in characters. */
export interface HelmTemplate {
  /** Each block from an `if`, `range`, or `with` on its own line to its `end`. */
  blocks: [start: number, end: number][];
  /** Positions where actions insert fields, with the path of keys that contain them. */
  additions: { offset: number; path: string[] }[];
}

const templatesByValue = new WeakMap<Parsed, HelmTemplate>();

/** Returns the Helm template that a value was parsed from, if any. */
export const helmTemplateOf = (parsed: Parsed): HelmTemplate | undefined => templatesByValue.get(parsed);

export const templateValue: UnknownPart = { reason: "filled in by a template", expression: "{{ … }}" };

/** Returns whether the text is a Helm template for a KMS object. */
export const isHelmTemplate = (text: string): boolean =>
  text.includes("{{") &&
  /^[ \t-]*["']?apiVersion["']?\s*:\s*["']?kms\.(services\.k8s\.aws|aws\.)/m.test(text) &&
  !/^\s*[{[]\s*"/.test(text);

/** Characters, times actions: the lines above and below an action decide what it is. */
const MAX_WORK = 100_000_000;

/**
 * Parses a Helm template as YAML. An action inside a line becomes a placeholder. An action on its own line becomes a
 * comment: the content of an `if` block is conditional, and other actions insert fields.
 */
export function parseHelmTemplate(source: Source): Parsed[] | Problem {
  const actions = source.text.split("{{").length - 1;
  if (actions * source.text.length > MAX_WORK)
    return sourceProblem(
      source,
      null,
      `The Helm template has too many actions for its length: ${actions} actions in ${source.text.length} characters.`,
      "Render it with helm template, and check the result.",
    );
  const { text, placeholders, template } = substituteActions(source.text);
  const values = parseYaml({ path: source.path, text });
  if (isProblem(values)) return values;
  return values.map((inner) => {
    const parsed: Parsed = {
      source,
      value: restorePlaceholders(inner.value, placeholders),
      locate(pointer) {
        const { start, end } = inner.locate(pointer);
        return rangeAt(source, start.offset, end.offset);
      },
    };
    templatesByValue.set(parsed, template);
    return parsed;
  });
}

interface SubstitutedTemplate {
  text: string;
  placeholders: Map<string, string>;
  template: HelmTemplate;
}

/** Replaces lines with comments of the same length. White space could become part of a multi-line string. */
const commentOut = (text: string): string =>
  text.replace(/[^\s][^\r\n]*/g, (rest) => `#${" ".repeat(rest.length - 1)}`);

/** Replaces all actions and keeps the length of the text, so that offsets equal those in the file. */
function substituteActions(source: string): SubstitutedTemplate {
  const placeholders = new Map<string, string>();
  const template: HelmTemplate = { blocks: [], additions: [] };
  const openBlocks: { start: number; elseOffset?: number }[] = [];
  const elseBranches: [number, number][] = [];
  let text = "";
  let last = 0;
  for (const { 0: action, index } of source.matchAll(/\{\{(?:-?\s*\/\*[\s\S]*?\*\/\s*-?|[\s\S]*?)\}\}/g)) {
    const end = index + action.length;
    text += source.slice(last, index);
    last = end;
    if (!isOnOwnLine(source, index, end)) {
      text += substituteFor(placeholders, action, action.length) ?? commentOut(action);
      continue;
    }
    const keyword = /^\{\{-?\s*(\/\*|[\w$]+)/.exec(action)?.[1] ?? "";
    const isControl = /^(if|range|with|define|block|else|end|\/\*|\$\w*)$/.test(keyword);
    const indent = contentIndent(text, source.slice(end), isControl);
    if (indent !== null) {
      // The action is the entire value of a key, or part of a multi-line string.
      const column = text.length - (text.lastIndexOf("\n") + 1);
      const shift = Math.max(0, indent + 1 - column);
      const substitute = substituteFor(placeholders, action, action.length - shift);
      text += substitute === null ? commentOut(action) : " ".repeat(shift) + substitute;
      continue;
    }
    if (!isControl) template.additions.push({ offset: index, path: keyPathAt(text, action) });
    text += commentOut(action);
    if (/^(if|range|with|define|block)$/.test(keyword)) openBlocks.push({ start: index });
    const top = openBlocks.at(-1);
    if (keyword === "else" && top !== undefined) top.elseOffset ??= end;
    if (keyword !== "end" || top === undefined) continue;
    openBlocks.pop();
    template.blocks.push([top.start, end]);
    if (top.elseOffset !== undefined) elseBranches.push([top.elseOffset, index]);
  }
  for (const { start } of openBlocks) template.blocks.push([start, source.length]);
  text += source.slice(last);
  // Two branches would define the same keys. Only the first is parsed; the keys of the second become additions.
  for (const [from, to] of elseBranches) {
    const elseBranch = text.slice(from, to);
    if (/^(---|\s*apiVersion\s*:)/m.test(elseBranch)) continue;
    const head = text.slice(0, from);
    for (const key of topLevelKeys(elseBranch))
      template.additions.push({ offset: from, path: [...keyPathAt(head, "", elseBranch), key] });
    text = head + commentOut(elseBranch) + text.slice(to);
  }
  return { text, placeholders, template };
}

const isOnOwnLine = (text: string, start: number, end: number): boolean =>
  /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 200), start)) &&
  /^[ \t]*(\r?\n|$)/.test(text.slice(end, end + 200));
