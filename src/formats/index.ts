import { isPlan } from "../model/configuration.ts";
import type { Format } from "../model/format.ts";
import { isMap } from "../model/json.ts";
import type { Parsed, Problem, Source } from "../model/source.ts";
import { parseBigJson, parseJson } from "../parse/json.ts";
import { isProblem } from "../parse/problem.ts";
import { parseYaml } from "../parse/yaml.ts";
import { cloudformation } from "./cloudformation/index.ts";
import { cloudformationChangeSet } from "./cloudformation-change-set/index.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { isTemplate, parseTemplate } from "./kubernetes/template.ts";
import { parseWithPlaceholders } from "./policy/fill.ts";
import { policy } from "./policy/index.ts";
import { terraformPlan } from "./terraform-plan/index.ts";

/** The first that recognizes a value reads it. */
const formats: Format[] = [terraformPlan, cloudformation, cloudformationChangeSet, kubernetes, policy];

export const formatOf = (parsed: Parsed): Format | undefined =>
  formats.find((format) => format.detect(parsed.value, parsed.source));

/** Whether the references of others may lead to a value. */
export const standsBeside = ({ value }: Parsed): boolean => isMap(value);

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

/** Whether a text found in a folder is worth parsing. */
export const mayHoldKeys = ({ path, text }: Source): boolean =>
  /kms/i.test(text) ||
  (text.includes("Statement") && /kms|key.?policy/i.test(path)) ||
  (/AWS::|"aws_/.test(text) && classification.test(text));

/** Tags by which data are classified: a store that has one may have to be encrypted with a key. */
const classification =
  /data[-_:. ]?(class|sensitivity)|classification|["'\s](compliance|sensitivity)["']?\s*[:=,\n]/i;

/**
 * Whether a text that cannot be parsed was meant for us: a template, a change set, a plan, an object of Kubernetes or a
 * key policy that names KMS.
 */
export const looksLikeOurs = ({ text }: Source): boolean =>
  (text.includes("AWS::KMS::") && /\bResource(s|Change)\b/.test(text)) ||
  (/"aws_kms_/.test(text) && isPlan(text)) ||
  /^[\s-]*["']?apiVersion["']?\s*:\s*["']?kms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//m.test(
    text,
  ) ||
  (/["'\s]kms:[A-Za-z*]/i.test(text) && /["']?Statement["']?\s*:/.test(text) && /Principal/.test(text));
