import type { Format } from "../model/format.ts";
import { isMap } from "../model/json.ts";
import type { Parsed, Problem, Source } from "../model/source.ts";
import { isPlan } from "../model/terraform-module.ts";
import { parseBigJson, parseJson } from "../parse/json.ts";
import { isProblem } from "../parse/problem.ts";
import { parseYaml } from "../parse/yaml.ts";
import { changeSet } from "./change-set/index.ts";
import { cloudformation } from "./cloudformation/index.ts";
import { keyPolicy } from "./key-policy/index.ts";
import { parseWithPlaceholders } from "./key-policy/substitute.ts";
import { isHelmTemplate, parseHelmTemplate } from "./kubernetes/helm-template.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { terraformPlan } from "./terraform-plan/index.ts";

/** In order of precedence: the first format that detects a value reads it. */
const formats: Format[] = [terraformPlan, cloudformation, changeSet, kubernetes, keyPolicy];

/**
 * Returns the format of a parsed value, or undefined if no format detects it. Custom formats take precedence over the
 * built-in ones.
 */
export const formatOf = (parsed: Parsed, custom: Format[] = []): Format | undefined =>
  [...custom, ...formats].find((format) => format.detect(parsed.value, parsed.source));

/** Returns whether references in other inputs can resolve to the value. */
export const canBeReferenced = ({ value }: Parsed): boolean => isMap(value);

/** Parses a source by its content: one JSON value, or the documents of a YAML stream. */
export function parse(source: Source): Parsed[] | Problem {
  if (isHelmTemplate(source.text)) return parseHelmTemplate(source);
  if (!isJson(source.text)) return parseYaml(source);
  const parsed = parseJsonSource(source);
  if (!isProblem(parsed)) return [parsed];
  const withPlaceholders = parseWithPlaceholders(source);
  if (withPlaceholders !== null && keyPolicy.detect(withPlaceholders.value, source))
    return [withPlaceholders];
  // A YAML file may start with a bracket, and continue with what JSON does not allow.
  const documents = /\.ya?ml$/i.test(source.path) ? parseYaml(source) : parsed;
  return isProblem(documents) ? parsed : documents;
}

/** Other JSON may contain the words of a plan, but only a plan is too large to look for duplicate keys. */
function parseJsonSource(source: Source): Parsed | Problem {
  const parsed = isPlan(source.text) ? parseBigJson(source) : undefined;
  const isRead = parsed !== undefined && (isProblem(parsed) || terraformPlan.detect(parsed.value, source));
  return isRead ? parsed : parseJson(source);
}

/**
 * Returns whether the text is JSON rather than YAML: an object, a list, or a single string (a quoted YAML key also starts
 * with a quote). Text that starts with a `//` or `/*` comment counts as JSON.
 */
function isJson(text: string): boolean {
  const first = /^\uFEFF?\s*([{["]|\/[/*])/.exec(text)?.[1];
  if (first !== '"') return first !== undefined;
  try {
    return typeof JSON.parse(text) === "string";
  } catch {
    return false;
  }
}
