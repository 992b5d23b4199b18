import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accessInTemplate,
  admin,
  allow,
  deny,
  everyone,
  inWords,
  type Json,
  own,
  owner,
  partner,
  root,
} from "./policies.ts";

const parameter = { Ref: "P" };
const withParameter = (text: string): Json => ({ "Fn::Sub": text.replace("P", "${P}") });

/** Returns the properties that hold for an action of the first statement; those that are unknown have a question mark. */
const facts = (statements: Json[], action?: string): string => inWords(accessInTemplate(statements, action));
const causes = (statements: Json[], property: "public" | "granted" | "owner"): unknown =>
  accessInTemplate(statements)?.[property];

test("a statement whose Effect is unknown may be an Allow or a Deny", () => {
  const unknown = (statement: Json): Json => ({ ...statement, Effect: parameter });
  const cause = [{ reason: "parameter without default", expression: "P" }];
  const open = [unknown(allow("*", "kms:Decrypt"))];
  assert.equal(facts(open), "granted public? owner? always");
  assert.deepEqual(causes(open, "public"), cause);
  assert.equal(facts([unknown(allow({ AWS: partner }, "kms:Decrypt"))]), "granted external? beyondOwner?");
  const denied = [allow("*", "kms:Decrypt"), unknown(deny(everyone, "kms:*"))];
  assert.equal(facts(denied), "granted? public? owner? always");
  assert.deepEqual(causes(denied, "public"), cause);
  assert.equal(
    facts([allow("*", "kms:Decrypt"), unknown(deny(everyone, "kms:Encrypt"))]),
    "granted public owner always",
  );
});

test("a statement with an unknown action may cover it", () => {
  const action = withParameter("kms:P");
  assert.equal(facts([allow("*", action)]), "granted? public? owner? always?");
  assert.deepEqual(causes([allow("*", action)], "public"), ["kms:⟨P⟩"]);
  assert.equal(facts([allow("*", "kms:Decrypt"), deny(everyone, action)]), "granted? public? owner? always");
  assert.equal(facts([allow("*", ["kms:Decrypt", action])]), "granted public owner always");
});

test("a statement for an ARN may be about the key", () => {
  const arn = `arn:aws:kms:eu-west-1:${owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const about = (statement: Json): Json => ({ ...statement, Resource: arn });
  const open = [about(allow("*", "kms:Decrypt"))];
  assert.equal(facts(open), "granted? public? owner? always?");
  assert.deepEqual(causes(open, "public"), [{ clause: "the ARN of the key is unknown" }]);
  const denied = [allow("*", "kms:Decrypt"), about(deny(everyone, "kms:*"))];
  assert.equal(facts(denied), "granted? public? owner? always");
  const bucket = { ...deny(everyone, "kms:*"), Resource: "arn:aws:s3:::orders" };
  assert.equal(facts([allow("*", "kms:Decrypt"), bucket]), "granted public owner always");
});

test("an unknown principal may be anyone", () => {
  for (const [principal, expected] of [
    [{ AWS: parameter }, "granted public? owner? external? beyondOwner? always?"],
    [parameter, "granted public? owner? external? beyondOwner? anySource? always?"],
    [{ AWS: withParameter("arn:aws:iam::P:root") }, "granted owner? external? beyondOwner? always?"],
    [{ AWS: withParameter("arn:aws:iam::P:role/app") }, "granted owner? external? beyondOwner?"],
    [{ AWS: withParameter(`arn:aws:iam::${owner}:role/P`) }, "granted owner"],
    [{ AWS: withParameter(`arn:aws:iam::${owner}:P`) }, "granted owner? always?"],
  ] as const)
    assert.equal(facts([allow(principal, "kms:Decrypt")]), expected, JSON.stringify(principal));
  const cause = accessInTemplate([allow({ AWS: parameter }, "kms:Decrypt")])?.external;
  assert.deepEqual(cause, ["⟨P⟩"]);
  assert.equal(
    facts([allow("*", "kms:Decrypt"), deny({ Principal: { AWS: parameter } }, "kms:*")]).split(" ")[1],
    "public?",
  );
  assert.equal(
    facts([allow({ AWS: root }, "kms:Decrypt"), deny({ Principal: { AWS: parameter } }, "kms:*")]).split(
      " ",
    )[0],
    "granted?",
  );
});

test("an unknown condition may restrict everything that a rule asks about, or nothing", () => {
  const condition = parameter as unknown as Json;
  const open = [allow("*", "kms:Decrypt", condition)];
  assert.equal(facts(open), "granted public? owner? external? beyondOwner? always?");
  assert.deepEqual(causes(open, "public"), ["⟨P⟩"]);
  assert.equal(facts([allow({ AWS: root }, "kms:Decrypt", condition)]), "granted owner always?");
  assert.equal(
    facts([allow({ Service: "s3.amazonaws.com" }, "kms:Decrypt", condition)]),
    "granted anySource?",
  );
  assert.equal(facts([own, deny(everyone, "kms:*", condition)]), "granted? owner? always");
  for (const [action, expected] of [
    ["CreateGrant", "granted owner anyGrant? delegation?"],
    ["ReplicateKey", "granted owner anyRegion?"],
    ["UpdatePrimaryRegion", "granted owner anyRegion?"],
  ] as const)
    assert.equal(facts([allow({ AWS: admin }, `kms:${action}`, condition)], action), expected, action);
});

test("an unknown value of a condition may restrict access or not", () => {
  const network = [allow("*", "kms:Decrypt", { IpAddress: { "aws:SourceIp": parameter } })];
  assert.equal(facts(network), "granted public? owner");
  assert.deepEqual(causes(network, "public"), ["⟨P⟩"]);
  const forResources = { Bool: { "kms:GrantIsForAWSResource": parameter } };
  assert.equal(
    facts([allow({ AWS: admin }, "kms:CreateGrant", forResources)], "CreateGrant"),
    "granted owner anyGrant? delegation?",
  );
  const age = { NumericLessThanEquals: { "aws:MultiFactorAuthAge": parameter } };
  assert.equal(facts([allow("*", "kms:Decrypt", age)]), "granted public owner");
  const until = { DateLessThan: { "aws:CurrentTime": parameter } };
  assert.equal(facts([allow("*", "kms:Decrypt", until)]), "granted public owner");
  assert.equal(
    facts([own, deny(everyone, "kms:*", { DateGreaterThan: { "aws:CurrentTime": parameter } })]),
    "granted owner always",
  );
});

test("a Deny for what may be another key takes nothing away for certain", () => {
  const pseudo = { "Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/*" };
  const closed = "always";
  const doubtful = "granted? public? owner? always";
  for (const [resource, expected] of [
    ["*", closed],
    ["arn:aws:kms:*:*:*", closed],
    ["arn:aws:kms:*", closed],
    [`arn:aws:kms:*:${owner}:key/*`, closed],
    [pseudo, closed],
    [parameter, doubtful],
    [withParameter(`arn:aws:kms:eu-west-1:${owner}:key/P`), doubtful],
    ["arn:aws:kms:us-east-1:444455556666:key/*", doubtful],
    [`arn:aws:kms:*:${owner}:key/1234*`, doubtful],
    [["arn:aws:s3:::orders", parameter], doubtful],
    [["*", parameter], closed],
    ["arn:aws:s3:::orders", "granted public owner always"],
  ] as const) {
    const statement = { ...deny(everyone, "kms:*"), Resource: resource };
    assert.equal(facts([allow("*", "kms:Decrypt"), statement]), expected, JSON.stringify(resource));
    const open = facts([{ ...allow("*", "kms:Decrypt"), Resource: resource }]);
    assert.equal(open !== "", JSON.stringify(resource) !== '"arn:aws:s3:::orders"', JSON.stringify(resource));
  }
  const but = { ...deny(everyone, "kms:*"), Resource: undefined, NotResource: parameter };
  assert.equal(facts([allow("*", "kms:Decrypt"), but]), doubtful);
});

test("some requests are on either side of an unknown bound", () => {
  for (const operator of [
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericEquals",
  ]) {
    const age = { [operator]: { "aws:MultiFactorAuthAge": parameter } };
    assert.match(facts([allow("*", "kms:Decrypt", age)]), /^granted public/, operator);
    const denied = [allow("*", "kms:Decrypt"), deny(everyone, "kms:*", age)];
    assert.match(facts(denied), /^granted public/, operator);
  }
});
