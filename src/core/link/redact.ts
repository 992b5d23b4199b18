import type { Access, Document, Policy, PolicySize } from "../model/document.ts";

const REDACTED = "(sensitive)";

/** Returns the document without the strings of sensitive policies. */
export const redacted = (document: Document): Document => ({
  ...document,
  keys: document.keys.map((key) =>
    key.policy.sensitive === true ? { ...key, policy: redactedPolicy(key.policy) } : key,
  ),
});

/** Returns a policy without its strings. Verdicts do not depend on the strings, because the format and the analysis have already derived the other fields from them. */
const redactedPolicy = ({ canonical: _, size, ...policy }: Policy): Policy => ({
  ...policy,
  ...(size === undefined ? {} : { size: redactedSize(size) }),
  problems: policy.problems.map((problem) => ({
    ...problem,
    message: `the policy is malformed ${REDACTED}`,
  })),
  statements: policy.statements.map((statement) => ({
    ...statement,
    sid: null,
    resources: statement.resources.map(() => REDACTED),
    actions: statement.actions.map((action) => (action.known ? action : { ...action, text: REDACTED })),
    principals: statement.principals.map(({ account: _, ...principal }) => ({
      ...principal,
      text: principal.kind === "service" ? unlessPublic(principal.text) : REDACTED,
    })),
    conditions: statement.conditions.map((condition) => ({
      ...condition,
      values: condition.values.map(({ account, ...value }) => ({
        ...value,
        text: unlessPublic(value.text),
        ...(account === undefined ? {} : { account: REDACTED }),
      })),
    })),
    access: statement.access.map(redactedAccess),
  })),
});

const redactedAccess = ({ callers, ...access }: Access): Access => ({
  ...access,
  ...(callers === undefined
    ? {}
    : {
        callers: callers.map(({ accounts, organizations }) => ({
          ...(accounts && {
            accounts: accounts.map(({ relation }) => ({ text: REDACTED, ...(relation && { relation }) })),
          }),
          ...(organizations && { organizations: organizations.map(() => REDACTED) }),
        })),
      }),
});

/** Returns the text if it is AWS vocabulary (a Boolean, an operation, a service principal), otherwise a placeholder. */
const unlessPublic = (text: string): string =>
  /^(true|false|[A-Z][A-Za-z]+|.*\.amazonaws\.com)$/.test(text) ? text : REDACTED;

const redactedSize = (size: PolicySize): PolicySize =>
  size.unsupportedCharacter === undefined
    ? size
    : { ...size, unsupportedCharacter: { ...size.unsupportedCharacter, text: REDACTED } };
