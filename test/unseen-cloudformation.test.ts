import { deepEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json } from "../src/core/model/source.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

interface Section {
  [name: string]: Json;
}

const root = {
  Effect: "Allow",
  Principal: { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } },
  Action: "kms:*",
  Resource: "*",
};
const keyWith = (...statements: Json[]) => ({
  Type: "AWS::KMS::Key",
  Properties: { KeyPolicy: { Version: "2012-10-17", Statement: [root, ...statements] } },
});
const include = (Location: Json) => ({ Name: "AWS::Include", Parameters: { Location } });
const transform = (call: Json) => ({ "Fn::Transform": call });
const stack = (TemplateURL: Json) => ({ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL } });
const stackSet = (Properties: Section) => ({ Type: "AWS::CloudFormation::StackSet", Properties });

/** Returns the unseen parts as `kind subject (resource)`. */
function unseenIn(Resources: Section, sections: Section = {}, siblings: { [path: string]: string } = {}) {
  const template = {
    path: "stacks/root.json",
    text: JSON.stringify({ ...sections, Resources }),
    named: true,
  };
  const others = Object.entries(siblings).map(([path, text]) => ({ path, text }));
  const { document } = normalizeInputs([template, ...others]);
  return (document.unseen ?? []).map(
    ({ kind, subject, resource }) => `${kind} ${subject}${resource === undefined ? "" : ` (${resource})`}`,
  );
}

const Key = keyWith();
const cases: { name: string; resources: Section; sections?: Section; unseen: string[] }[] = [
  {
    name: "a macro that processes the whole template",
    resources: { Key },
    sections: { Transform: ["AWS::Serverless-2016-10-31", "OrganizationDefaults"] },
    unseen: ["macro OrganizationDefaults"],
  },
  {
    name: "an include that processes the whole template",
    resources: { Key },
    sections: { Transform: include("s3://snippets/keys.yaml") },
    unseen: ["include s3://snippets/keys.yaml"],
  },
  {
    name: "transforms of AWS that add no resource to check",
    resources: { Key },
    sections: { Transform: ["AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"] },
    unseen: [],
  },
  {
    name: "an include of resources",
    resources: { Key, ...transform(include("s3://snippets/keys.yaml")) },
    unseen: ["include s3://snippets/keys.yaml"],
  },
  {
    name: "a template whose resources are all included",
    resources: transform(include({ "Fn::Sub": "s3://${AWS::Region}/kms.yaml" })),
    unseen: ["include Fn::Sub s3://${AWS::Region}/kms.yaml"],
  },
  {
    name: "a macro in a resource",
    resources: { Key: { ...Key, ...transform({ Name: "Tagger" }) } },
    unseen: ["macro Tagger (Key)"],
  },
  {
    name: "a macro in a resource without KMS content",
    resources: {
      Key,
      Alarm: { Type: "AWS::Route53::RecordSet", Properties: {}, ...transform({ Name: "Tagger" }) },
    },
    unseen: [],
  },
  {
    name: "statements that other stacks export",
    resources: { Key: keyWith({ "Fn::ImportValue": "reader" }, { "Fn::ImportValue": "writer" }) },
    unseen: ["statement Fn::ImportValue reader (Key)", "statement Fn::ImportValue writer (Key)"],
  },
  {
    name: "statements that transforms insert",
    resources: {
      Key: keyWith(transform(include("s3://snippets/reader.yaml")), transform({ Name: "Readers" })),
    },
    unseen: ["include s3://snippets/reader.yaml (Key)", "macro Readers (Key)"],
  },
  {
    name: "a whole policy that a transform inserts, because policy_unresolved reports it",
    resources: { Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: transform({ Name: "Policy" }) } } },
    unseen: [],
  },
  {
    name: "a statement of an IAM policy that concerns KMS",
    resources: {
      Policy: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: {
          PolicyDocument: {
            Statement: [
              { Effect: "Allow", Action: "kms:Decrypt", Resource: { "Fn::ImportValue": "key" } },
              { "Fn::ImportValue": "statement" },
            ],
          },
        },
      },
    },
    unseen: ["statement Fn::ImportValue statement (Policy)"],
  },
  {
    name: "a module",
    resources: { Keys: { Type: "Acme::KMS::Keys::MODULE", Properties: {} } },
    unseen: ["module Acme::KMS::Keys::MODULE (Keys)"],
  },
  {
    name: "a nested stack",
    resources: { Key, Billing: stack("https://templates.s3.amazonaws.com/billing.yaml") },
    unseen: ["nested-stack https://templates.s3.amazonaws.com/billing.yaml (Billing)"],
  },
  {
    name: "a nested stack whose condition is false",
    resources: { Key, Billing: { ...stack("billing.yaml"), Condition: "Never" } },
    sections: { Conditions: { Never: { "Fn::Equals": ["a", "b"] } } },
    unseen: [],
  },
  {
    name: "a nested stack whose URL has a secret, by the expression",
    resources: { Key, Billing: stack({ "Fn::Sub": "https://${Token}/billing.yaml" }) },
    sections: { Parameters: { Token: { Type: "String", NoEcho: true, Default: "secret" } } },
    unseen: ["nested-stack Fn::Sub https://${Token}/billing.yaml (Billing)"],
  },
  {
    name: "a macro in a template without KMS content",
    resources: { Bucket: { Type: "AWS::S3::Bucket", Properties: {} } },
    sections: { Transform: "OrganizationDefaults" },
    unseen: [],
  },
  {
    name: "an application of the AWS Serverless Application Repository",
    resources: {
      Key,
      App: {
        Type: "AWS::Serverless::Application",
        Properties: { Location: { ApplicationId: "arn:aws:serverlessrepo:app", SemanticVersion: "1.0.0" } },
      },
    },
    unseen: ["nested-stack arn:aws:serverlessrepo:app (App)"],
  },
  {
    name: "the template of a stack set at a URL",
    resources: { Key, Keys: stackSet({ TemplateURL: "https://templates.s3.amazonaws.com/keys.yaml" }) },
    unseen: ["stack-set https://templates.s3.amazonaws.com/keys.yaml (Keys)"],
  },
  {
    name: "the template of a stack set with a parameter in it",
    resources: { Key, Keys: stackSet({ TemplateBody: { "Fn::Sub": "Resources: {${Key}: {}}" } }) },
    unseen: ["stack-set Keys (Keys)"],
  },
];

describe("parts that CloudFormation adds at deployment", () => {
  for (const { name, resources, sections, unseen } of cases)
    it(`${unseen.length === 0 ? "are not" : "are"} reported for ${name}`, () => {
      deepEqual(unseenIn(resources, sections), unseen);
    });

  const child = JSON.stringify({ Resources: { Key } });
  const nested = { Keys: stack("./nested/kms.json") };
  it("do not include a nested stack whose template is one of the files", () => {
    deepEqual(unseenIn(nested), ["nested-stack ./nested/kms.json (Keys)"]);
    deepEqual(unseenIn(nested, {}, { "stacks/nested/kms.json": child }), []);
    deepEqual(unseenIn(nested, {}, { "stacks/nested/kms.json": "{}" }), []);
    deepEqual(unseenIn(nested, {}, { "nested/kms.json": child }), ["nested-stack ./nested/kms.json (Keys)"]);
  });

  it("do not include a nested stack of the CDK whose template is one of the files", () => {
    const asset = {
      ...stack({ "Fn::Sub": "https://s3/asset.json" }),
      Metadata: { "aws:asset:path": "keys.json" },
    };
    deepEqual(unseenIn({ Keys: asset }, {}, { "stacks/keys.json": child }), []);
  });
});

describe("the TemplateBody of a stack set", () => {
  const inner = { Resources: { Key: { Type: "AWS::KMS::Key", Properties: { PendingWindowInDays: 7 } } } };
  const bodies: { [name: string]: Json } = {
    JSON: JSON.stringify(inner),
    YAML: "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties: {PendingWindowInDays: 7}\n",
    "Fn::ToJsonString": { "Fn::ToJsonString": inner },
  };
  for (const [format, TemplateBody] of Object.entries(bodies))
    it(`is checked as ${format}`, () => {
      const resources = { Keys: stackSet({ TemplateBody }), Others: stackSet({ TemplateBody }) };
      const text = JSON.stringify({ Transform: "AWS::LanguageExtensions", Resources: resources }, null, 1);
      const { document, problems } = normalizeInputs([{ path: "root.json", text, named: true }]);
      deepEqual(problems, []);
      deepEqual(
        document.keys.map(({ resource, properties }) => [resource, properties?.deletionWindowDays]),
        [
          ["Keys/Key", 7],
          ["Others/Key", 7],
        ],
      );
      deepEqual(new Set(document.keys.map(({ id }) => id)).size, 2);
    });
});

describe("the parameters of a stack set", () => {
  const TemplateBody = JSON.stringify({
    Parameters: { Purpose: { Type: "String", Default: "default" } },
    Resources: { Key: { Type: "AWS::KMS::Key", Properties: { Description: { Ref: "Purpose" } } } },
  });
  const override = (ParameterValue: Json) => [{ ParameterKey: "Purpose", ParameterValue }];
  const unknown = { unknown: { reason: "parameter without default", expression: "Purpose" } };
  const parameters: { name: string; properties: Section; description: Json }[] = [
    { name: "keep the default", properties: {}, description: "default" },
    { name: "replace the default", properties: { Parameters: override("set") }, description: "set" },
    {
      name: "are unknown if they depend on the deployment",
      properties: { Parameters: override({ "Fn::ImportValue": "purpose" }) },
      description: unknown,
    },
    {
      name: "are unknown if instances override them",
      properties: { StackInstancesGroup: [{ ParameterOverrides: override("other") }] },
      description: unknown,
    },
  ];
  for (const { name, properties, description } of parameters)
    it(name, () => {
      const Resources = { Keys: stackSet({ TemplateBody, ...properties }) };
      const { document } = normalizeInputs([{ path: "root.json", text: JSON.stringify({ Resources }) }]);
      deepEqual(
        document.keys.map((key) => key.properties?.description),
        [description],
      );
    });
});

describe("a statement that is not in the input", () => {
  const owner = { ...root, Principal: { AWS: "arn:aws:iam::111122223333:root" } };
  const inputs: { [format: string]: string } = {
    "a key policy with a placeholder": `{"Version": "2012-10-17", "Statement": [${JSON.stringify(owner)}, ${"${reader}"}]}`,
    "a Kubernetes object": JSON.stringify({
      apiVersion: "kms.services.k8s.aws/v1alpha1",
      kind: "Key",
      metadata: { name: "orders" },
      spec: { policy: `{"Version": "2012-10-17", "Statement": [${JSON.stringify(owner)}, ${"${reader}"}]}` },
    }),
  };
  for (const [format, text] of Object.entries(inputs))
    it(`is reported for ${format}`, () => {
      const { document } = normalizeInputs([{ path: "input.json", text, named: true }]);
      deepEqual(
        document.unseen?.map(({ kind, subject }) => [kind, subject]),
        [["statement", "reader"]],
      );
    });
});
