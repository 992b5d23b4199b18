import assert from "node:assert/strict";
import { test } from "node:test";
import type { Principal } from "../src/core/model/document.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

/** Returns the principal for a string in a key policy, whose `${…}` are references as in Fn::Sub. */
function principal(text: string): Principal {
  const AWS = text.includes("${") ? { "Fn::Sub": text } : text;
  const policy = { Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "kms:*", Resource: "*" }] };
  const { document } = normalizeInputs([{ path: "p.json", text: JSON.stringify(policy), named: true }]);
  return document.keys[0]?.policy.statements[0]?.principals[0] as Principal;
}

const valid: [text: string, kind: Principal["kind"]][] = [
  ["111122223333", "root"],
  ["arn:aws:iam::111122223333:root", "root"],
  ["arn:aws:iam::*:root", "everyone"],
  ["arn:aws:iam::111122223333:role/team/app", "role"],
  ["arn:aws:sts::111122223333:assumed-role/ci/build-42", "assumed-role"],
  ["arn:aws:sts::111122223333:federated-user/bob", "federated-user"],
  ["arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Name}", "role"],
  ["arn:aws:sts::${Account}:assumed-role/${RoleAndSession}", "assumed-role"],
  ["arn:aws:iam::${AWS::AccountId}:${Principal}", "iam"],
  ["arn:aws:iam::${Rest}", "iam"],
  ["arn:aws:iam::${AccountAndType}/app", "iam"],
  ["${Prefix}:role/app", "role"],
  ["11112222${Rest}", "iam"],
];

for (const [text, kind] of valid) {
  test(`${text} is a principal`, () => {
    const { kind: actual, invalidReason } = principal(text);
    assert.deepEqual([actual, invalidReason], [kind, undefined]);
  });
}

const colon = /a colon is missing/;
const session = /the format of a role session is assumed-role\/ROLE\/SESSION/;
const account = /is not a 12-digit account ID/;
const noArn = /it is not an ARN/;
const resource = /only root, user\/, role\//;

const invalid: [text: string, reason: RegExp][] = [
  ["arn:aws:iam:111122223333:role/app", colon],
  ["arn:aws:iam:${AWS::AccountId}:role/app", colon],
  ["arn:aws:iam:${Account}:role/${Name}", colon],
  ["arn:aws:iam::${AWS::AccountId}role/app", colon],
  ["arn:aws:iam::111122223333/role/app", colon],
  ["arn:aws:iam::${AWS::AccountId}", colon],
  ["arn:${AWS::Partition}iam::111122223333:role/app", colon],
  ["arn${AWS::Partition}:iam::111122223333:role/app", colon],
  ["${Prefix}:iam:111122223333:role/app", colon],
  ["arn:aws:sts::111122223333:assumed-role/ci", session],
  ["arn:aws:sts::111122223333:assumed-role/ci/", session],
  ["arn:aws:sts::${AWS::AccountId}:assumed-role/team/ci/build", session],
  ["arn:aws:sts::111122223333:role/app", resource],
  ["arn:aws:iam::111122223333:assumed-role/ci/build", resource],
  ["arn:aws:iam::111122223333:role/", resource],
  ["env-${Name}", noArn],
];

for (const [text, reason] of invalid) {
  test(`${text} is not a principal`, () => {
    const { kind, invalidReason } = principal(text);
    assert.equal(kind, "invalid");
    assert.match(invalidReason ?? "", reason);
  });
}

/** A malformed root is still a root, so that a single mistake has a single finding. */
const malformedRoots: [text: string, reason: RegExp][] = [
  ["1111 2222 3333", account],
  ["1111-2222-3333", account],
  ["arn:aws:iam::1111222233334:root", account],
  ["arn:aws:iam::1111-2222-3333:root", account],
  ["arn:aws:iam::1111 22223333:root", /white space/],
  [" arn:aws:iam::111122223333:root", noArn],
  ["${AWS::AccountId}:root", noArn],
  ["arn:aws:iam:::root", /the account ID is missing/],
  ["arn:aws:iam::1111*:root", /wildcard/],
  ["arn:aws:iam:eu-west-1:111122223333:root", /has no Region/],
  ["arn:aws:iam:111122223333:root", colon],
  ["arn:aws:iam:${AWS::AccountId}:root", colon],
  ["arn:aws:iam::${AWS::AccountId}root", colon],
];

for (const [text, reason] of malformedRoots) {
  test(`${text} is a malformed root`, () => {
    const { kind, invalidReason, relation } = principal(text);
    assert.deepEqual([kind, relation], ["root", undefined]);
    assert.match(invalidReason ?? "", reason);
  });
}

test("the ARN of a key is not a principal", () => {
  const template = {
    Resources: {
      Key: {
        Type: "AWS::KMS::Key",
        Properties: {
          KeyPolicy: {
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: { "Fn::GetAtt": ["Other", "Arn"] } },
                Action: "kms:*",
                Resource: "*",
              },
            ],
          },
        },
      },
      Other: { Type: "AWS::KMS::Key" },
    },
  };
  const { document } = normalizeInputs([{ path: "t.json", text: JSON.stringify(template) }]);
  assert.match(
    document.keys[0]?.policy.statements[0]?.principals[0]?.invalidReason ?? "",
    /the ARN of a key/,
  );
});
