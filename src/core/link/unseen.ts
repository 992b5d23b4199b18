import type { Key } from "../model/document.ts";
import type { UnseenPart } from "../model/source.ts";

/** Returns the statements of key policies that the inputs do not contain. The rules judge the other statements. */
export const unseenStatements = (keys: Key[]): UnseenPart[] =>
  keys.flatMap(({ resource, policy }) =>
    (policy.unknownStatements ?? []).map(({ reason, expression, location: { file, line, column } }) => {
      // `var.statements[*]` stands for the elements of an unknown list.
      const subject = expression.replace(/\[\*\]$/, "");
      return {
        kind: "statement",
        file,
        line,
        column,
        resource,
        subject,
        message: `Keywarden did not check the statements of the key policy that come from ${subject} (${reason}).`,
        remedy: "Check an input that contains the statements, such as a plan, or set the missing value.",
      };
    }),
  );
