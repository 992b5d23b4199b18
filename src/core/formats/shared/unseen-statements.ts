import type { Key } from "../../model/document.ts";
import type { UnseenPart } from "../../model/source.ts";

/** Returns an unseen part for each key policy with a statement that the input does not contain, next to known ones. */
export const unseenStatements = (keys: Key[]): UnseenPart[] =>
  keys.flatMap(({ policy, resource, location }) => {
    if (policy.hasUnknownStatements !== true || policy.unknown === undefined) return [];
    const { expression, reason } = policy.unknown;
    const { file, line, column } = policy.location ?? location;
    return [unseenStatement({ file, line, column, resource, subject: expression, reason })];
  });

/** Returns the unseen part for a statement of a policy. */
export const unseenStatement = ({
  reason,
  ...part
}: Omit<UnseenPart, "kind" | "message" | "remedy"> & { reason: string }): UnseenPart => ({
  kind: "statement",
  ...part,
  message: `A statement in the policy of ${part.resource} is not in the input: \`${part.subject}\` is unknown (${reason}).`,
  remedy:
    "Write the statement into the input, or check the result of the deployment tool, such as a change set.",
});
