import { isMap, type JsonMap } from "../model/json.ts";
import { escapePointer } from "../model/node.ts";
import { emptySensitiveContent, type SensitiveContent } from "../model/sensitive.ts";
import type { Json, Parsed } from "../model/source.ts";

/**
 * Returns what a parsed value marks as sensitive, whichever format it has and whether or not Keywarden checks it:
 * `NoEcho` parameters of CloudFormation, the marks of a Terraform plan, the data of Kubernetes Secrets, and arguments that
 * are secrets by their name, because the schemas of providers are not in the input. Returns undefined if there is nothing.
 */
export function sensitiveContentOf(parsed: Parsed): SensitiveContent | undefined {
  const found: Found = { at: new Map(), inStrings: [] };
  if (isMap(parsed.value)) {
    findNoEcho(parsed.value, found);
    findPlanMarks(parsed.value, found);
  }
  findSecrets(parsed.value, ROOT, found);
  if (found.at.size + found.inStrings.length === 0) return undefined;
  const content = { ...emptySensitiveContent(), texts: found.inStrings.flatMap(textsIn) };
  for (const [pointer, value] of found.at) {
    const texts = textsIn(value);
    for (const text of texts) content.texts.push(text);
    if (texts.length > 0) content.positions.push({ at: { parsed, pointer }, texts });
  }
  return content;
}

/**
 * Returns what the text of a file that cannot be parsed probably contains: an error message can quote the value of a
 * default, or of an argument that is a secret by its name.
 */
export function sensitiveContentOfText(text: string): SensitiveContent {
  const hasMarks = /noecho|sensitive|ephemeral/i.test(text);
  const pairs = [
    ...text.matchAll(/(?<![\w.-])([a-z][\w.-]{0,80})["']?\s{0,8}[:=]\s{0,8}["'*&!]?([^\s"',;{}[\]]+)/gi),
  ];
  const texts = pairs.flatMap(([, name = "", value = ""]) =>
    isSecretArgument(name) || (hasMarks && /^default$/i.test(name)) ? textsIn(value) : [],
  );
  return { ...emptySensitiveContent(), texts };
}

/** Returns the strings and numbers in a value. A Boolean is never secret. */
function textsIn(value: Json): string[] {
  if (typeof value === "string") return isReference(value) ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Returns whether a string only names a secret: a dynamic reference, an expression, an ARN, a masked value. */
const isReference = (text: string): boolean =>
  /^(\{\{resolve:.*\}\}|\$\{[^}]*\}|arn:.*|\**|\(sensitive\))$/s.test(text.trim());

/** The place of a value. Only sensitive values need a pointer, and a plan has millions of other values. */
type Place = { outer: Place; key: string } | null;
const ROOT: Place = null;
const inside = (outer: Place, key: string): Place => ({ outer, key });
const pointerOf = (place: Place): string =>
  place === null ? "" : `${pointerOf(place.outer)}/${escapePointer(place.key)}`;

/** The sensitive values by pointer, and those in the JSON of strings, whose parts have no pointers. */
interface Found {
  at: Map<string, Json>;
  inStrings: Json[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/parameters-section-structure.html */
function findNoEcho({ Parameters: parameters }: JsonMap, found: Found): void {
  if (!isMap(parameters)) return;
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!isNoEcho(parameter)) continue;
    for (const field of ["Default", "AllowedValues"])
      if (parameter[field] !== undefined)
        found.at.set(`/Parameters/${escapePointer(name)}/${field}`, splitLists(parameter[field], parameter));
  }
}

/** Returns whether CloudFormation masks the value of a parameter. */
export const isNoEcho = (parameter: Json | undefined): parameter is JsonMap =>
  isMap(parameter) && /^true$/i.test(String(parameter.NoEcho));

/** Adds the items of a list that is written as a comma-separated string. */
function splitLists(value: Json, { Type: type }: JsonMap): Json {
  const isList = typeof type === "string" && /List/.test(type);
  return isList && typeof value === "string"
    ? [value, ...value.split(",").map((item) => item.trim())]
    : value;
}

/**
 * Finds the values that a plan marks as sensitive. The marks are in a parallel tree, where `true` covers everything below.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
function findPlanMarks(plan: JsonMap, found: Found): void {
  if (typeof plan.format_version !== "string") return;
  const values = [
    ["after", "after_sensitive"],
    ["before", "before_sensitive"],
    ["values", "sensitive_values"],
  ] as const;
  const visit = (value: Json[] | JsonMap, place: Place, depth: number): void => {
    if (depth > MAX_PLAN_DEPTH) return;
    if (!Array.isArray(value)) {
      let hasMarks = false;
      for (const [name, marks] of values) {
        if (value[name] === undefined || value[marks] === undefined) continue;
        hasMarks = true;
        findMarked(value[name], value[marks], pointerOf(inside(place, name)), found);
      }
      if (value.sensitive === true || value.ephemeral === true)
        for (const name of ["value", "default", "expression"])
          if (value[name] !== undefined)
            found.at.set(pointerOf(inside(place, name)), withoutReferences(value[name]));
      if (hasMarks) return;
    }
    for (const [key, item] of Object.entries(value))
      if (typeof item === "object" && item !== null) visit(item, inside(place, key), depth + 1);
  };
  visit(plan, ROOT, 0);
  const declared = isMap(plan.configuration) ? plan.configuration.root_module : undefined;
  const declarations = isMap(declared) && isMap(declared.variables) ? declared.variables : {};
  for (const [name, input] of Object.entries(isMap(plan.variables) ? plan.variables : {})) {
    const declaration = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
    const isSensitive =
      isMap(declaration) && (declaration.sensitive === true || declaration.ephemeral === true);
    if (isSensitive && isMap(input) && input.value !== undefined)
      found.at.set(`/variables/${escapePointer(name)}/value`, input.value);
  }
}

/** Nested modules are the only deep part of a plan outside of values. */
const MAX_PLAN_DEPTH = 200;

/** Returns an expression without the names of variables and resources that it refers to. */
const withoutReferences = (value: Json): Json =>
  isMap(value) && Array.isArray(value.references) ? { ...value, references: [] } : value;

function findMarked(value: Json, marks: Json, pointer: string, found: Found): void {
  if (marks === true) found.at.set(pointer, value);
  if (typeof marks !== "object" || marks === null || typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(marks)) {
    const item = (value as JsonMap)[key];
    if (item !== undefined) findMarked(item, inner, `${pointer}/${escapePointer(key)}`, found);
  }
}

/** Finds the data of Kubernetes Secrets, and secrets by name, at any depth. */
function findSecrets(value: Json, place: Place, found: Found): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) {
    if (value.kind === "Secret") findSecretData(value, pointerOf(place), found);
    findSecretPair(value, place, found);
  }
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "string") {
      if (item === "") continue;
      if (isSecretArgument(key)) found.at.set(pointerOf(inside(place, key)), item);
      else for (const secret of secretsInJson(item)) found.inStrings.push(secret);
    } else if (Array.isArray(item)) {
      if (item.length > 0 && isSecretArgument(key) && item.every((one) => typeof one === "string"))
        found.at.set(pointerOf(inside(place, key)), item);
      else findSecrets(item, inside(place, key), found);
    } else if (item !== null && typeof item === "object") {
      const at = inside(place, key);
      // The configuration of a plan wraps a literal argument.
      if (typeof item.constant_value === "string" && isSecretArgument(key))
        found.at.set(pointerOf(inside(at, "constant_value")), item.constant_value);
      findSecrets(item, at, found);
    }
  }
}

/** Returns secrets by name in a string that is JSON, such as the properties in a change set. */
function secretsInJson(text: string): Json[] {
  if (!/^\s*[{[]/.test(text) || !MAY_NAME_SECRET.test(text)) return [];
  const found: Found = { at: new Map(), inStrings: [] };
  try {
    findSecrets(JSON.parse(text), ROOT, found);
  } catch {
    // The text only looks like JSON.
  }
  return [...found.at.values(), ...found.inStrings];
}

const MAY_NAME_SECRET =
  /pass|secret|token|plain_?text|secure_?string|_?key"|key_?pem|key_?material|connection_?string|credentials_?json|_wo"/i;

/** The fields of parameters and environment variables in AWS and Kubernetes. */
const PAIRS = [
  ["ParameterKey", "ParameterValue"],
  ["Name", "Value"],
  ["name", "value"],
] as const;

function findSecretPair(value: JsonMap, place: Place, found: Found): void {
  for (const [nameField, field] of PAIRS) {
    const [name, text] = [value[nameField], value[field]];
    if (typeof name === "string" && typeof text === "string" && isSecretArgument(name))
      found.at.set(pointerOf(inside(place, field)), text);
  }
}

/** https://kubernetes.io/docs/concepts/configuration/secret/ */
function findSecretData({ data, stringData }: JsonMap, pointer: string, found: Found): void {
  if (isMap(stringData)) found.at.set(`${pointer}/stringData`, stringData);
  if (!isMap(data)) return;
  const decoded = textsIn(data).flatMap((text) => [text, ...decodedBase64(text)]);
  found.at.set(`${pointer}/data`, decoded);
}

/** Returns the decoded text if it is UTF-8. */
function decodedBase64(text: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, "")), (char) => char.charCodeAt(0));
    return [new TextDecoder("utf-8", { fatal: true }).decode(bytes)];
  } catch {
    return [];
  }
}

const SECRET_ARGUMENT =
  /(^|_)(passwords?|passwd|passphrase|plain_?text|(grant_|auth_|access_|refresh_|session_|security_|bearer_|api_)tokens?|token|secret_(string|binary|key|access_key|value)|secure_string|(api|private|secret|shared|signing|account)_key(_pem)?|(client|shared|webhook|oauth)_secret|pre_?shared_key|key_material(_base64)?|connection_string|credentials_json)$|_wo$/;

const known = new Map<string, boolean>();
const MAX_KNOWN = 10_000;

/**
 * Returns whether an argument, property or field is a secret by its name: `master_password`, `SecretString`,
 * `secret_string_wo`, `GrantTokens`.
 */
function isSecretArgument(name: string): boolean {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[-. ]/g, "_")
    .toLowerCase();
  const isSecret = SECRET_ARGUMENT.test(words);
  if (known.size < MAX_KNOWN) known.set(name, isSecret);
  return isSecret;
}
