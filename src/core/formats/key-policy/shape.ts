import type { SourcePointer } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { isProblem } from "../../parse/problem.ts";
import { isMap, type JsonMap } from "../cloudformation/template.ts";

const list = (value: Json | undefined): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/**
 * Where the policy of a text stands: the value itself, the `Policy` of what `aws kms get-key-policy` prints, or the
 * JSON in a string. A string that holds no JSON is itself the place.
 */
export function policyPlace(parsed: Parsed): SourcePointer {
  let place: SourcePointer = { parsed, pointer: "" };
  let value: Json = parsed.value;
  for (let depth = 0; depth < 4; depth++) {
    if (isOutput(value)) {
      place = { parsed: place.parsed, pointer: `${place.pointer}/Policy` };
      value = value.Policy as Json;
    } else if (typeof value === "string") {
      const inner = parseEmbeddedJson(place, value);
      if (isProblem(inner)) return place;
      place = { parsed: inner, pointer: place.pointer };
      value = inner.value;
    } else return place;
  }
  return place;
}

/** What `aws kms get-key-policy` prints, and what it is inside other tools' records. */
const isOutput = (value: Json): value is JsonMap & { Policy: Json } =>
  isMap(value) && !("Statement" in value) && holdsPolicy(value.Policy);

const holdsPolicy = (value: Json | undefined): boolean =>
  typeof value === "string"
    ? /^\s*[{["]/.test(value) && value.includes("Statement")
    : isMap(value) && "Statement" in value;

/** The statements, if the value has the structure of a policy: a document, one statement, or a list of statements. */
export function statementsOf(value: Json): Json[] | null {
  // JSON in a string that does not parse: of what it says nothing can be told, and that is worth a word.
  if (typeof value === "string") return holdsPolicy(value) ? [] : null;
  if (Array.isArray(value)) return value.length > 0 && value.every(isStatement) ? value : null;
  if (!isMap(value) || "Resources" in value) return null;
  if ("Statement" in value) return list(value.Statement);
  if (isStatement(value)) return [value];
  return isVersion(value.Version) ? [] : null;
}

const isStatement = (value: Json): boolean =>
  isMap(value) &&
  "Effect" in value &&
  ["Action", "NotAction", "Principal", "NotPrincipal"].some((key) => key in value);

const isVersion = (value: Json | undefined): boolean =>
  typeof value === "string" && /^(2012-10-17|2008-10-17)$/.test(value);

/**
 * Whether statements found in a folder are those of a key policy rather than of a role, a bucket or an endpoint: some
 * statement says who (an identity policy never does) and names an action of KMS, or every action where something else
 * speaks of keys (`hint`).
 */
export const isAboutKeys = (statements: Json[], hint: boolean): boolean =>
  statements.some((statement) => {
    if (!isMap(statement) || !("Principal" in statement || "NotPrincipal" in statement)) return false;
    const actions = [...list(statement.Action), ...list(statement.NotAction)];
    if (actions.some((action) => typeof action === "string" && /^kms:/i.test(action))) return true;
    return hint && ("NotAction" in statement || actions.includes("*"));
  });
