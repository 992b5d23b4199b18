import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normalizeInputs } from "../../src/core/pipeline.ts";

const operators = fc.constantFrom(
  ..."StringEquals StringNotEquals StringLike StringNotLike StringEqualsIgnoreCase ArnLike ArnNotEquals Bool Null IpAddress NotIpAddress NumericLessThan NumericNotEquals DateGreaterThan BinaryEquals".split(
    " ",
  ),
);
const keys = fc.constantFrom(
  ..."aws:PrincipalAccount aws:PrincipalArn aws:PrincipalOrgID aws:PrincipalOrgPaths aws:SourceIp aws:SourceArn aws:SourceVpce aws:TagKeys aws:PrincipalType aws:userid kms:GrantOperations kms:GrantIsForAWSResource kms:EncryptionContext:a kms:EncryptionContextKeys kms:ViaService kms:RotationPeriodInDays aws:CurrentTime made:up".split(
    " ",
  ),
);
const values = fc.constantFrom(
  "*",
  "",
  "true",
  "111122223333",
  "arn:aws:iam::*:role/?",
  "o-*",
  "10.0.0.0/8",
  "7",
  "2026-01-01",
  "${aws:PrincipalArn}",
  "${*}",
  "${x",
  "\ud800",
  "⟨",
  "a*b*c",
);
const condition = fc.record({
  set: fc.constantFrom("", "ForAnyValue:", "ForAllValues:"),
  operator: operators,
  ifExists: fc.constantFrom("", "IfExists"),
  key: keys,
  values: fc.array(values, { maxLength: 3 }),
});
const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  who: fc.constantFrom<object>(
    { Principal: "*" },
    { Principal: { AWS: "111122223333" } },
    { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/a/b" } },
    { Principal: { Service: "s3.amazonaws.com" } },
    { Principal: { Federated: "cognito-identity.amazonaws.com" } },
    { NotPrincipal: { AWS: ["arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/a"] } },
  ),
  Action: fc.constantFrom("kms:*", "kms:Decrypt", "kms:CreateGrant", "kms:Put*", "kms:ReplicateKey"),
  conditions: fc.array(condition, { maxLength: 3 }),
});

test("every combination of operators, keys and values has facts, and no statement gives more than it covers", () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), (statements) => {
      const policy = {
        Version: "2012-10-17",
        Statement: statements.map(({ who, conditions, ...rest }) => ({
          ...rest,
          ...who,
          Resource: "*",
          Condition: Object.fromEntries(
            conditions.map((c) => [
              `${c.set}${c.operator}${c.operator === "Null" ? "" : c.ifExists}`,
              { [c.key]: c.values },
            ]),
          ),
        })),
      };
      const { document, problems } = normalizeInputs(
        [{ path: "policy.json", text: JSON.stringify(policy), named: true }],
        { account: "111122223333" },
      );
      assert.deepEqual(problems, []);
      for (const { access, covers } of document.keys.flatMap((key) => key.policy.statements))
        for (const { actions, granted, ...facts } of access) {
          assert.ok(actions.every((action) => covers.includes(action)));
          if (facts.public ?? facts.owner ?? facts.external ?? facts.anySource) assert.ok(granted);
        }
    }),
    { numRuns: 300 },
  );
});
