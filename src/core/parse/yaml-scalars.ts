import type { Json } from "../model/source.ts";

const truths = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"];
const falsehoods = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"];
const nulls = ["", "~", "null", "Null", "NULL"];

/** Words with a meaning. CloudFormation reads YAML 1.1's booleans, of which y and n are none to it. */
const words = new Map<string, Json>([
  ...truths.map((w): [string, Json] => [w, true]),
  ...falsehoods.map((w): [string, Json] => [w, false]),
  ...nulls.map((w): [string, Json] => [w, null]),
]);

/**
 * What a scalar without quotes stands for. A number or date that would print differently than it is written
 * (`012345678901`, `0x1F`, `1_000`, `1e3`, `2012-10-17`) is the string that was written.
 */
export function plainValue(text: string): Json {
  if (text.length > 30) return text;
  const word = words.get(text);
  if (word !== undefined) return word;
  return numberOr(text);
}

function numberOr(text: string): Json {
  const c = text.charCodeAt(0);
  if (c !== 0x2d && !(c >= 0x30 && c <= 0x39)) return text;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

const standard = "tag:yaml.org,2002:";

/** A scalar's value by its full tag; a tag that does not fit, or is unknown, changes nothing. */
export function taggedValue(tag: string, text: string, plain: boolean): Json {
  const untagged = plain ? plainValue(text) : text;
  const value = words.get(text);
  switch (tag) {
    case "!":
    case `${standard}str`:
    case `${standard}binary`:
    case `${standard}timestamp`:
      return text;
    case `${standard}int`:
    case `${standard}float`:
      return numberOr(text);
    case `${standard}bool`:
      return typeof value === "boolean" ? value : text;
    case `${standard}null`:
      return null;
    default:
      return untagged;
  }
}

export const mergeTag = `${standard}merge`;

/** The full form of a tag as it is written, by the document's %TAG directives. */
export function fullTag(written: string, handles: Map<string, string>): string {
  if (written.startsWith("!<")) return written.slice(2, -1);
  const end = written.indexOf("!", 1) + 1;
  const handle = written.slice(0, end || 1);
  const prefix = handles.get(handle) ?? (handle === "!!" ? standard : handle);
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

/** The key of a CloudFormation function's long form; undefined where the tag is none. */
export const longForm = (tag: string): string | undefined => longForms.get(tag);
