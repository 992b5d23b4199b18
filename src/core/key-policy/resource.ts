import type { Statement } from "../model/document.ts";
import type { Node } from "../model/node.ts";
import type { PolicyContext } from "./context.ts";
import { encodeString, hasUnknownPart, isUnknownPart, matchesPattern } from "./pattern.ts";

/**
 * Returns whether a Resource element matches the key that its policy is attached to. The key ID in an ARN is unknown
 * before the key exists. If the input has no ARN for the key, a well-formed key ARN may be the key's own.
 */
export function matchesOwnKey(
  nodes: Node[],
  notResource: boolean,
  context: PolicyContext,
): Statement["matchesKey"] {
  const results = nodes.map((node) => resourceMatchesKey(node, context));
  const combined = results.includes("yes") ? "yes" : results.includes("unknown") ? "unknown" : "no";
  if (!notResource || combined === "unknown") return combined;
  return combined === "yes" ? "no" : "yes";
}

function resourceMatchesKey(node: Node, context: PolicyContext): Statement["matchesKey"] {
  if (node.type === "unknown") {
    const { type } = node.part;
    return type === undefined || type === "key-arn" ? "yes" : "no";
  }
  const text = encodeString(node);
  if (text === null) return "no";
  const { encoded } = text;
  if (/^\*+$/.test(encoded)) return "yes";
  if (context.arn !== undefined) return matchesArn(encoded, context.arn) ? "yes" : "no";
  if (!couldBeKey(encoded)) return "no";
  const literal = !/[*?]/.test(encoded) && !hasUnknownPart(encoded);
  return literal && !context.standalone ? "unknown" : "yes";
}

/** An unknown part can be any string. */
const matchesArn = (pattern: string, arn: string): boolean =>
  matchesPattern([...pattern].map((char) => (isUnknownPart(char) ? "*" : char)).join(""), arn);

/** Returns whether a key ARN could match. Compares each segment of the pattern with that of a key ARN. */
function couldBeKey(pattern: string): boolean {
  if (hasUnknownPart(pattern[0] ?? "")) return !/:(alias|root|role|user)\b/.test(pattern);
  const mayBe = (segment: string | undefined, literal: string): boolean =>
    segment === undefined || [...segment].some(isUnknownPart) || matchesPattern(segment, literal);
  const [arn, , service, , , ...rest] = pattern.split(":");
  if (rest.length === 0)
    return /[*?]/.test(pattern) && matchesPattern(pattern, "arn:aws:kms:eu-west-1:111122223333:key/0");
  const resource = rest.join(":");
  const kind = resource.split("/")[0] as string;
  return (
    mayBe(arn, "arn") &&
    mayBe(service, "kms") &&
    (mayBe(kind, "key") || (/\*/.test(kind) && matchesPattern(kind, "key/0")))
  );
}
