import type { SourcePointer } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { holdsFor } from "../../parse/kms-content.ts";
import { isProblem } from "../../parse/problem.ts";
import { isMap, type JsonMap } from "../cloudformation/template.ts";

export const itemsOf = (value: Json | undefined): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/**
 * Returns the position of the policy in a parsed source: the value itself, `Policy` in the output of `aws kms
 * get-key-policy`, or the JSON in a string. For a string that is not JSON, returns the position of the string.
 */
export function findPolicy(parsed: Parsed): SourcePointer {
  let position: SourcePointer = { parsed, pointer: "" };
  let value: Json = parsed.value;
  for (let depth = 0; depth < 4; depth++) {
    if (isGetKeyPolicyOutput(value)) {
      position = { parsed: position.parsed, pointer: `${position.pointer}/Policy` };
      value = value.Policy as Json;
    } else if (typeof value === "string") {
      const inner = parseEmbeddedJson(position, value);
      if (isProblem(inner)) return position;
      position = { parsed: inner, pointer: position.pointer };
      value = inner.value;
    } else return position;
  }
  return position;
}

/** Matches the output of `aws kms get-key-policy`, which other tools may embed in their records. */
const isGetKeyPolicyOutput = (value: Json): value is JsonMap & { Policy: Json } =>
  isMap(value) && !("Statement" in value) && containsPolicy(value.Policy);

const containsPolicy = (value: Json | undefined): boolean =>
  typeof value === "string"
    ? /^\s*[{["]/.test(value) && holdsFor(value, (text) => text.includes("Statement"))
    : isMap(value) && "Statement" in value;

/** Returns the statements if the value is a policy document, a statement, or a list of statements; otherwise null. */
export function policyStatements(value: Json): Json[] | null {
  // The string is not valid JSON. It still counts as a policy, so that its syntax error is reported.
  if (typeof value === "string") return containsPolicy(value) ? [] : null;
  if (Array.isArray(value)) return value.some(isStatement) ? value : null;
  if (!isMap(value) || "Resources" in value) return null;
  if ("Statement" in value) return itemsOf(value.Statement);
  if (isStatement(value)) return [value];
  return hasPolicyVersion(value) ? [] : null;
}

const isStatement = (value: Json): boolean =>
  isMap(value) &&
  "Effect" in value &&
  ["Action", "NotAction", "Principal", "NotPrincipal"].some((key) => key in value);

/** Returns whether a value has the Version of a policy document. */
export const hasPolicyVersion = (value: Json): boolean =>
  isMap(value) && typeof value.Version === "string" && /^(2012-10-17|2008-10-17)$/.test(value.Version);
