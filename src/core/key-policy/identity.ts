import type { IdentityPolicy, IdentityStatement } from "../model/document.ts";
import type { Node } from "../model/node.ts";
import type { PolicyContext } from "./context.ts";
import { normalizePolicy } from "./policy.ts";

type PolicyContent = Pick<IdentityPolicy, "state" | "unknown" | "statements">;

/**
 * Returns the statements of an IAM identity policy that cover, or may cover, a KMS action. Malformed statements are
 * skipped silently because IAM rejects them. A policy that names principals, such as a trust policy, has no statements.
 */
export function identityPolicyOf(node: Node | undefined, context: PolicyContext): PolicyContent {
  const { state, unknown, statements } = normalizePolicy(node, { ...context, identity: true });
  return {
    state,
    ...(unknown === undefined ? {} : { unknown }),
    statements: (statements as IdentityStatement[]).filter(
      ({ covers, mayCover }) => covers.length + mayCover.length > 0,
    ),
  };
}

/** Returns whether an identity policy concerns, or may concern, KMS. Only such policies are part of the document. */
export const concernsKms = ({ state, statements }: Pick<PolicyContent, "state" | "statements">): boolean =>
  statements.length > 0 || state === "unresolved" || state === "partial";
