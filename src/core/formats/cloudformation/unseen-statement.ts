import type { UnseenPart } from "../../model/source.ts";

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
