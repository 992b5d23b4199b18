import type { Format } from "../model/format.ts";
import { isMap } from "../model/json.ts";
import type { Parsed, Problem, Source } from "../model/source.ts";
import { isPlan } from "../model/terraform-module.ts";
import { parseBigJson, parseJson } from "../parse/json.ts";
import { isProblem } from "../parse/problem.ts";
import { parseYaml } from "../parse/yaml.ts";
import { cloudformationChangeSet } from "./change-set/index.ts";
import { cloudformation } from "./cloudformation/index.ts";
import { parseWithPlaceholders } from "./key-policy/fill.ts";
import { policy } from "./key-policy/index.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { isTemplate, parseTemplate } from "./kubernetes/template.ts";
import { terraformPlan } from "./terraform-plan/index.ts";

/** The first format that recognizes a value normalizes it. */
const formats: Format[] = [terraformPlan, cloudformation, cloudformationChangeSet, kubernetes, policy];

/** Returns the format of a value. Custom formats take precedence over the built-in ones. */
export const formatOf = (parsed: Parsed, custom: Format[] = []): Format | undefined =>
  [...custom, ...formats].find((format) => format.detect(parsed.value, parsed.source));

/** Returns whether references of other inputs can lead to the value. */
export const canBeReferenced = ({ value }: Parsed): boolean => isMap(value);

/** The values of a text, by its content: JSON, or the documents of a YAML stream. */
export function parse(source: Source): Parsed[] | Problem {
  if (isTemplate(source.text)) return parseTemplate(source);
  if (!isJson(source.text)) return parseYaml(source);
  const parsed = isPlan(source.text) ? parseBigJson(source) : parseJson(source);
  if (!isProblem(parsed)) return [parsed];
  const filled = parseWithPlaceholders(source);
  return filled !== null && policy.detect(filled.value, source) ? [filled] : parsed;
}

/** An object, a list, or nothing but a string: a YAML key may be in quotes too. A comment of JSON's relatives counts. */
function isJson(text: string): boolean {
  const first = /^\uFEFF?\s*([{["]|\/[/*])/.exec(text)?.[1];
  if (first !== '"') return first !== undefined;
  try {
    return typeof JSON.parse(text) === "string";
  } catch {
    return false;
  }
}
