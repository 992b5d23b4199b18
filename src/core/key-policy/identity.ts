import type { IdentityPolicy, IdentityStatement } from "../model/document.ts";
import type { Node } from "../model/node.ts";
import type { PolicyContext } from "./context.ts";
import { policyOf } from "./policy.ts";

type Content = Pick<IdentityPolicy, "state" | "unknown" | "statements">;

/**
 * An IAM policy of an identity, reduced to the statements that cover a KMS action or may. What is malformed is left
 * out without a word: it is IAM's to refuse. A policy that names principals, such as a trust policy, has no statement.
 */
export function identityPolicyOf(node: Node | undefined, context: PolicyContext): Content {
  const { state, unknown, statements } = policyOf(node, { ...context, identity: true });
  return {
    state,
    ...(unknown === undefined ? {} : { unknown }),
    statements: (statements as IdentityStatement[]).filter(
      ({ covers, mayCover }) => covers.length + mayCover.length > 0,
    ),
  };
}

/** Whether a document has to know the policy: it concerns keys, or may. */
export const concernsKms = ({ state, statements }: Pick<Content, "state" | "statements">): boolean =>
  statements.length > 0 || state === "unresolved" || state === "partial";
