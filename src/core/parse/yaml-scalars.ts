import type { Json } from "../model/source.ts";

const truths = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"];
const falsehoods = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"];
const nulls = ["", "~", "null", "Null", "NULL"];

/** Plain scalars with a special value. CloudFormation uses the Booleans of YAML 1.1, except y and n. */
const specialScalars = new Map<string, Json>([
  ...truths.map((w): [string, Json] => [w, true]),
  ...falsehoods.map((w): [string, Json] => [w, false]),
  ...nulls.map((w): [string, Json] => [w, null]),
]);

/**
 * Returns the value of a scalar without quotes. A number or date that would change when printed (`012345678901`, `0x1F`,
 * `1_000`, `1e3`, `2012-10-17`) remains a string.
 */
export function plainValue(text: string): Json {
  if (text.length > 30) return text;
  const word = specialScalars.get(text);
  if (word !== undefined) return word;
  return numberOr(text);
}

function numberOr(text: string): Json {
  const c = text.charCodeAt(0);
  if (c !== 0x2d && !(c >= 0x30 && c <= 0x39)) return text;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

const standardTagPrefix = "tag:yaml.org,2002:";

/** Returns the value of a tagged scalar. A tag that is unknown or does not match the value has no effect. */
export function taggedValue(tag: string, text: string, plain: boolean): Json {
  const untagged = plain ? plainValue(text) : text;
  const value = specialScalars.get(text);
  switch (tag) {
    case "!":
    case `${standardTagPrefix}str`:
    case `${standardTagPrefix}binary`:
    case `${standardTagPrefix}timestamp`:
      return text;
    case `${standardTagPrefix}int`:
    case `${standardTagPrefix}float`:
      return numberOr(text);
    case `${standardTagPrefix}bool`:
      return typeof value === "boolean" ? value : text;
    case `${standardTagPrefix}null`:
      return null;
    default:
      return untagged;
  }
}

export const mergeTag = `${standardTagPrefix}merge`;

/** Expands a tag with the %TAG directives of the document. */
export function fullTag(written: string, handles: Map<string, string>): string {
  if (written.startsWith("!<")) return written.slice(2, -1);
  const end = written.indexOf("!", 1) + 1;
  const handle = written.slice(0, end || 1);
  const prefix = handles.get(handle) ?? (handle === "!!" ? standardTagPrefix : handle);
  return prefix + written.slice(handle.length);
}

const functions = [
  ...[
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "ForEach",
  ],
  ...["GetAZs", "GetAtt", "GetStackOutput", "If", "Implies", "ImportValue", "Join", "Length", "Not", "Or"],
  ...["RefAll", "Select", "Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"],
];

const longForms = new Map<string, string>([
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...functions.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Returns the long form of a CloudFormation tag (`Fn::Sub`), or undefined for other tags. */
export const longForm = (tag: string): string | undefined => longForms.get(tag);
