/** Policies for the tests of the analysis, and what it finds in them. */
import assert from "node:assert/strict";
import type { Access } from "../../src/core/model/document.ts";
import { normalizeInputs } from "../../src/core/pipeline.ts";

export const owner = "111122223333";
export const root = `arn:aws:iam::${owner}:root`;
export const admin = `arn:aws:iam::${owner}:role/admin`;
export const partner = "arn:aws:iam::444455556666:role/etl";

export type Json = { [key: string]: unknown };
export const allow = (Principal: unknown, Action: unknown, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource: "*",
  ...(Condition && { Condition }),
});
export const deny = (who: Json, Action: unknown, Condition?: Json): Json => ({
  Effect: "Deny",
  ...who,
  Action,
  Resource: "*",
  ...(Condition && { Condition }),
});
export const everyone = { Principal: "*" };
export const own = allow({ AWS: root }, "kms:*");

/** Returns the properties that hold for an action of the first statement; those that are unknown have a question mark. */
export function facts(statements: Json[], action = "Decrypt", Version = "2012-10-17"): string {
  const text = JSON.stringify({ Version, Statement: statements });
  const { document, problems } = normalizeInputs([{ path: "policy.json", text, named: true }], {
    account: owner,
  });
  assert.deepEqual(problems, []);
  const access = document.keys[0]?.policy.statements[0]?.access.find(({ actions }) =>
    actions.includes(action),
  );
  return inWords(access);
}

export const inWords = (access: Access | undefined): string =>
  Object.entries(access ?? {})
    .filter(([property]) => !["principals", "actions", "callers"].includes(property))
    .map(([property, truth]) => (truth === true ? property : `${property}?`))
    .join(" ");

export const decryptIf = (Condition: Json): Json[] => [allow("*", "kms:Decrypt", Condition)];

/** Returns the access to an action that the first statement of a template gives. `P` is a parameter without a value. */
export function accessInTemplate(Statement: Json[], action = "Decrypt"): Access | undefined {
  const text = JSON.stringify({
    Parameters: { P: { Type: "String" } },
    Resources: {
      Key: {
        Type: "AWS::KMS::Key",
        Properties: { KeyPolicy: { Version: "2012-10-17", Statement } },
      },
    },
  });
  const { document } = normalizeInputs([{ path: "t.json", text, named: true }], { account: owner });
  return document.keys[0]?.policy.statements[0]?.access.find(({ actions }) => actions.includes(action));
}
