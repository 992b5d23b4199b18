/** Tells key policies from other policies, in files that were found in a directory. */

import { isMap, type JsonMap } from "../../model/json.ts";
import type { Json, Source } from "../../model/source.ts";
import { mentionsKms } from "../../parse/kms-content.ts";
import { placeholderParts } from "./placeholder.ts";
import { hasPolicyVersion, itemsOf, policyStatements } from "./shape.ts";

/**
 * Returns whether a value is a key policy rather than the policy of a role, a bucket, an endpoint or an organization. A
 * malformed policy in a file about KMS counts as a key policy, so that it is not passed over. A named file contains a key
 * policy unless its content shows otherwise.
 */
export function isKeyPolicy(value: Json, { path, text, named }: Source): boolean {
  const items = policyStatements(value);
  if (items === null) return false;
  const statements = items.flatMap(branches);
  const deniesOnly =
    statements.length > 0 && statements.every((item) => isMap(item) && item.Effect === "Deny");
  const isForeign = statements.some(namesOtherService);
  if (named === true) return !(deniesOnly && isForeign);
  const isAboutKeys = /kms|key.?policy/i.test(path);
  if (!isAboutKeys && !mentionsKms(text)) return false;
  if (isMalformed(value, statements)) return true;
  // A resource control policy only denies. A policy of another service, or of several services, names their actions.
  if (deniesOnly) return false;
  if ((isForeign || isForEndpoint(path)) && !statements.some(administersKey)) return false;
  return statements.some((statement) => isKeyStatement(statement, isAboutKeys));
}

/** Returns the statements that an element of a statement list can be: both branches of Fn::If. */
function branches(item: Json): Json[] {
  const choice = isMap(item) ? item["Fn::If"] : undefined;
  return Array.isArray(choice) ? choice.slice(1).filter((branch) => !isNoValue(branch)) : [item];
}

/** Returns whether the name of a file says that its policy belongs to a VPC endpoint, which has the form of a key policy. */
const isForEndpoint = (path: string): boolean => /(?:endpoint|vpce)[^/]*$/i.test(path);

const isNoValue = (value: Json): boolean => isMap(value) && value.Ref === "AWS::NoValue";

/** Returns whether a policy document has no statement objects. Statements that another tool inserts do not count. */
const isMalformed = (value: Json, statements: Json[]): boolean =>
  typeof value === "string" ||
  (hasPolicyVersion(value) &&
    (statements.length === 0 ||
      statements.every(isPlaceholder) ||
      statements.some((item) => !isMap(item) && !isPlaceholder(item))));

const isPlaceholder = (value: Json): boolean =>
  typeof value === "string" && placeholderParts(value).some((part) => typeof part !== "string");

/** Returns the values of an element, also if its name is misspelled. */
function valuesOf(statement: JsonMap, element: "Action" | "Principal"): Json[] {
  const name = new RegExp(`^(not)?${element}s?$`, "i");
  return Object.keys(statement)
    .filter((key) => name.test(key))
    .flatMap((key) => itemsOf(statement[key]));
}

/** Returns the actions of a statement, also if they are nested in lists or objects by mistake. */
const actionsOf = (statement: JsonMap): string[] => valuesOf(statement, "Action").flatMap(stringsIn);

function stringsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (!isMap(value)) return Array.isArray(value) ? value.flatMap(stringsIn) : [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsIn(item)]);
}

/**
 * Returns whether a statement can only be one of a key policy. It has a principal, which a statement of an identity policy
 * never has, and a KMS action. In a file about KMS, a principal and every action are enough.
 */
function isKeyStatement(statement: Json, isAboutKeys: boolean): boolean {
  if (!isMap(statement) || valuesOf(statement, "Principal").length === 0) return false;
  const actions = actionsOf(statement);
  if (actions.some(isKmsAction)) return true;
  if (namesOtherResource(statement)) return false;
  if ("NotAction" in statement || actions.includes("*")) return true;
  return isAboutKeys && actions.length > 0 && actions.every(isPlaceholder);
}

const isKmsAction = (action: string): boolean => /^kms:/i.test(action);

const namesOtherService = (statement: Json): boolean =>
  isMap(statement) &&
  actionsOf(statement).some((action) => /^[a-z0-9-]+:(?!:)/i.test(action) && !isKmsAction(action));

/** Returns whether Resource consists of ARNs of other services. */
function namesOtherResource({ Resource }: JsonMap): boolean {
  const resources = itemsOf(Resource);
  return (
    resources.length > 0 &&
    resources.every((arn) => typeof arn === "string" && /^arn:[\w*?-]+:(?!kms:|\*)[\w-]+:/.test(arn))
  );
}

/** Returns whether a statement allows someone in particular to administer the key, and nothing of another service. */
function administersKey(statement: Json): boolean {
  if (!isMap(statement) || statement.Effect === "Deny" || namesOtherService(statement)) return false;
  const isForSomeone = valuesOf(statement, "Principal")
    .flatMap((principal) => (isMap(principal) && "AWS" in principal ? itemsOf(principal.AWS) : [principal]))
    .some((principal) => principal !== "*");
  return isForSomeone && actionsOf(statement).some((action) => /^kms:(\*|Put(\*|KeyPolicy)$)/i.test(action));
}
