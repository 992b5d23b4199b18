import assert from "node:assert/strict";
import { test } from "node:test";
import type { Part } from "../src/core/model/format.ts";
import { readText } from "./cloudformation-support.ts";
import { type PlanSpec, readPlan, refs } from "./terraform-plan-support.ts";

const document = { Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }] };
const role = (properties: object) => ({ Type: "AWS::IAM::Role", Properties: properties });
const boundary = { Ref: "Policy" };

/** Resources of a template beside a managed policy, and whether the policy is only a boundary. */
const templates: {
  [name: string]: { others: { [id: string]: object }; properties?: object; onlyBoundary: boolean };
} = {
  "the boundary of a role": {
    others: { Role: role({ PermissionsBoundary: boundary }) },
    onlyBoundary: true,
  },
  "the boundary of a user, by ARN": {
    properties: { ManagedPolicyName: "limits" },
    others: {
      User: {
        Type: "AWS::IAM::User",
        Properties: {
          PermissionsBoundary: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/teams/limits" },
        },
      },
    },
    onlyBoundary: true,
  },
  "a boundary that a role also has attached": {
    others: { Role: role({ PermissionsBoundary: boundary, ManagedPolicyArns: [boundary] }) },
    onlyBoundary: false,
  },
  "a boundary that a function also has attached": {
    others: {
      Role: role({ PermissionsBoundary: boundary }),
      Function: {
        Type: "AWS::Serverless::Function",
        Properties: { Policies: ["AWSXrayWriteOnlyAccess", boundary] },
      },
    },
    onlyBoundary: false,
  },
  "a boundary that attaches itself": {
    properties: { Users: ["ci"] },
    others: { Role: role({ PermissionsBoundary: boundary }) },
    onlyBoundary: false,
  },
  "the boundary has another name": {
    properties: { ManagedPolicyName: "limits" },
    others: { Role: role({ PermissionsBoundary: "arn:aws:iam::111122223333:policy/other-limits" }) },
    onlyBoundary: false,
  },
  "no boundary": { others: { Role: role({}) }, onlyBoundary: false },
};

const isOnlyBoundary = ({ identityPolicies }: Part): boolean[] =>
  identityPolicies.map((policy) => policy.onlyBoundary === true);

for (const [name, { others, properties, onlyBoundary }] of Object.entries(templates)) {
  test(`CloudFormation: ${name}`, () => {
    const Policy = {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { PolicyDocument: document, ...properties },
    };
    assert.deepEqual(isOnlyBoundary(readText(JSON.stringify({ Resources: { Policy, ...others } }))), [
      onlyBoundary,
    ]);
  });
}

const policy = {
  address: "aws_iam_policy.limits",
  after: { policy: JSON.stringify(document) },
  unknown: ["arn"],
};
const arn = refs("aws_iam_policy.limits.arn", "aws_iam_policy.limits");
const bounded = {
  address: "aws_iam_role.app",
  after: {},
  unknown: ["permissions_boundary"],
  config: { permissions_boundary: arn },
};
const known = "arn:aws:iam::111122223333:policy/limits";

const plans: { [name: string]: { resources: PlanSpec["resources"]; onlyBoundary: boolean } } = {
  "the boundary of a role": { resources: [policy, bounded], onlyBoundary: true },
  "the boundary of a user": {
    resources: [policy, { ...bounded, address: "aws_iam_user.app" }],
    onlyBoundary: true,
  },
  "a boundary that is also attached": {
    resources: [
      policy,
      bounded,
      {
        address: "aws_iam_role_policy_attachment.app",
        after: {},
        unknown: ["policy_arn"],
        config: { policy_arn: arn },
      },
    ],
    onlyBoundary: false,
  },
  "a boundary that a list of known ARNs attaches": {
    resources: [
      { ...policy, after: { ...policy.after, arn: known }, unknown: [] },
      { address: "aws_iam_role.app", after: { permissions_boundary: known, managed_policy_arns: [known] } },
    ],
    onlyBoundary: false,
  },
  "a boundary that attaches itself": {
    resources: [
      {
        address: "awscc_iam_managed_policy.limits",
        after: { policy_document: JSON.stringify(document), policy_arn: known, roles: ["ci"] },
      },
      { address: "awscc_iam_role.app", after: { permissions_boundary: known } },
    ],
    onlyBoundary: false,
  },
  "no boundary": { resources: [policy], onlyBoundary: false },
};

for (const [name, { resources, onlyBoundary }] of Object.entries(plans)) {
  test(`Terraform: ${name}`, () => {
    assert.deepEqual(isOnlyBoundary(readPlan({ resources })), [onlyBoundary]);
  });
}
