import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeInputs } from "../src/core/pipeline.ts";

const key = (indent: string): string =>
  ["Type: AWS::KMS::Key", "Properties:", "  KeyPolicy:", "    Statement:"]
    .concat("      - {Effect: Allow, Principal: {AWS: !GetAtt App.Arn}, Action: 'kms:*', Resource: '*'}")
    .map((line) => indent + line)
    .join("\n");

const service = "service: orders\nprovider: {name: aws}\n";
const role = "App: {Type: AWS::IAM::Role, Properties: {}}";

const read = (text: string) => normalizeInputs([{ path: "serverless.yml", text, named: true }]).document;

describe("the resources of a Serverless Framework service", () => {
  it("are a CloudFormation template", () => {
    const [orders, ...more] = read(
      `${service}resources:\n  Resources:\n    ${role}\n    Orders:\n${key("      ")}\n`,
    ).keys;
    assert.deepEqual(more, []);
    assert.equal(orders?.resource, "Orders");
    assert.equal(orders?.scope, "serverless.yml");
    assert.equal(orders?.location.pointer, "/resources/Resources/Orders");
    const [principal] = orders?.policy.statements[0]?.principals ?? [];
    assert.equal(principal?.kind, "role", "references resolve to other resources");
    assert.equal(principal?.location.line, 11);
  });

  it("may be a list of templates, which the framework merges, and files", () => {
    const { keys } = read(
      `${service}resources:\n  - \${file(vpc.yml)}\n  - Resources:\n      ${role}\n  - Resources:\n      Orders:\n${key("        ")}\n`,
    );
    assert.deepEqual(
      keys.map(({ resource, location: { pointer, line } }) => [resource, pointer, line]),
      [["Orders", "/resources/2/Resources/Orders", 8]],
    );
    assert.equal(keys[0]?.policy.statements[0]?.principals[0]?.kind, "role");
  });

  it("are not read from a template that has resources of its own", () => {
    assert.deepEqual(
      read(`Resources: {}\nresources:\n  Resources:\n    Orders:\n${key("      ")}\n`).keys,
      [],
    );
  });
});

describe("the names of accounts in a template of org-formation", () => {
  const principals = (value: string) => {
    const statement = `{Effect: Allow, Principal: {AWS: ${value}}, Action: kms:Decrypt, Resource: "*"}`;
    const text = `AWSTemplateFormatVersion: 2010-09-09-OC\nResources:\n  Orders:\n    Type: AWS::KMS::Key\n    Properties: {KeyPolicy: {Statement: [${statement}]}}\n`;
    return read(text).keys[0]?.policy.statements[0]?.principals.map(({ kind, account }) => [kind, account]);
  };
  const unknown = (expression: string) => ({ unknown: { reason: "not in this template", expression } });

  it("are account IDs", () => {
    assert.deepEqual(principals("!Ref Build"), [["root", unknown("Build")]]);
    assert.deepEqual(principals("!GetAtt Build.AccountId"), [["root", unknown("Build.AccountId")]]);
    assert.deepEqual(principals('!Sub "arn:aws:iam::${Build}:role/x"'), [["role", unknown("Build")]]);
  });

  it("include the account that the template is deployed to", () => {
    assert.deepEqual(principals('!Sub "arn:aws:iam::${AWSAccount}:root"'), [["root", "self"]]);
    assert.deepEqual(principals("!Ref CurrentAccount"), [["root", "self"]]);
  });
});
