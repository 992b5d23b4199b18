import type { Statement } from "../model/document.ts";
import type { Node } from "../model/node.ts";
import type { PolicyContext } from "./context.ts";
import { encodeString, hasUnknownPart, isUnknownPart, matchesPattern } from "./pattern.ts";

/**
 * Returns whether a Resource element matches the key that its policy is attached to. The key ID in an ARN is unknown
 * before the key exists. If the input has no ARN for the key, a well-formed key ARN may be the key's own. An Allow for
 * such an ARN is judged as one for the key. A Deny for it takes nothing away for certain.
 */
export function matchesOwnKey(
  nodes: Node[],
  { notResource, isAllow }: { notResource: boolean; isAllow: boolean },
  context: PolicyContext,
): Statement["matchesKey"] {
  const results = nodes.map((node) => resourceMatchesKey(node, isAllow ? "yes" : "unknown", context));
  const combined = results.includes("yes") ? "yes" : results.includes("unknown") ? "unknown" : "no";
  if (!notResource || combined === "unknown") return combined;
  return combined === "yes" ? "no" : "yes";
}

function resourceMatchesKey(
  node: Node,
  possibly: "yes" | "unknown",
  context: PolicyContext,
): Statement["matchesKey"] {
  if (node.type === "unknown") {
    const { type } = node.part;
    return type === undefined || type === "key-arn" ? possibly : "no";
  }
  const text = encodeString(node);
  if (text === null) return "no";
  const { encoded } = text;
  if (/^\*+$/.test(encoded)) return "yes";
  if (context.arn !== undefined) {
    if (!matchesArn(encoded, context.arn)) return "no";
    return hasUnknownPart(encoded) ? possibly : "yes";
  }
  if (!couldBeKey(encoded)) return "no";
  const literal = !/[*?]/.test(encoded) && !hasUnknownPart(encoded);
  if (literal) return context.standalone ? "yes" : "unknown";
  return matchesEveryKey(encoded) ? "yes" : possibly;
}

/** Returns whether a pattern matches every key in its account: in any Region or the unknown one, and of any ID. */
function matchesEveryKey(pattern: string): boolean {
  const [, , , region = "*", , ...rest] = pattern.split(":");
  return (/^\*+$/.test(region) || hasUnknownPart(region)) && /^(\*+|key\/\*+)?$/.test(rest.join(":"));
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
