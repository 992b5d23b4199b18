/** The examples of a new rule: one for each verdict and each format that its skeleton declares. */
import { constant, type PlannedResource, planOf, reference } from "./plan.ts";
import type { Kind } from "./rules.ts";

export type ExampleVerdict = "fail" | "pass" | "unknown";

type Builder = (verdict: ExampleVerdict) => string;

const account = "111122223333";
const outsideKey = "1234abcd-12ab-34cd-56ef-1234567890ab";

const byVerdict = <T>(verdict: ExampleVerdict, fail: T, pass: T, unknown: T): T =>
  ({ fail, pass, unknown })[verdict];

// Key policies

const statements = (effect: string) => [
  {
    Sid: "EnableIamPolicies",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  },
  {
    Sid: "Placeholder",
    Effect: effect,
    Principal: { AWS: `arn:aws:iam::${account}:role/placeholder` },
    Action: "kms:DescribeKey",
    Resource: "*",
  },
];

/** The key policy that tells the owner account of a key. */
const ownerPolicy = JSON.stringify({ Version: "2012-10-17", Statement: statements("Deny").slice(0, 1) });

const policyOf = (verdict: ExampleVerdict): string =>
  JSON.stringify(
    { Version: "2012-10-17", Statement: statements(byVerdict(verdict, "Allow", "Deny", "${effect}")) },
    null,
    2,
  );

const indented = (text: string, spaces: number): string =>
  text
    .split("\n")
    .map((line) => `${" ".repeat(spaces)}${line}`)
    .join("\n");

// CloudFormation

const template = (
  parameter: string | undefined,
  resources: string,
): string => `AWSTemplateFormatVersion: "2010-09-09"
Description: Orders
${parameter === undefined ? "" : `Parameters:\n  ${parameter}:\n    Type: String\n`}Resources:
${resources}
`;

const templateKey = (properties = "") => `  OrdersKey:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true${properties}`;

const templateAlias = (target = "!Ref OrdersKey", name = "orders") => `  OrdersAlias:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: alias/${name}
      TargetKeyId: ${target}`;

const templateTags = (verdict: ExampleVerdict) => `
      Tags:
        - Key: placeholder
          Value: ${byVerdict(verdict, '"true"', '"false"', "!Ref Placeholder")}`;

const parameterFor = (verdict: ExampleVerdict, name: string) => (verdict === "unknown" ? name : undefined);

const templateEffect = (verdict: ExampleVerdict) => byVerdict(verdict, "Allow", "Deny", "!Ref Effect");

// Terraform plans

const plannedKey = (more: Partial<PlannedResource> = {}, values: object = {}): PlannedResource => ({
  type: "aws_kms_key",
  name: "orders",
  values: { description: "Orders", enable_key_rotation: true, region: "eu-west-1", ...values },
  ...more,
});

const plannedAlias = (): PlannedResource => ({
  type: "aws_kms_alias",
  name: "orders",
  values: { name: "alias/orders", region: "eu-west-1" },
  unknown: { target_key_id: "aws_kms_key.orders.key_id" },
});

/** A resource whose attribute `output` is known only after apply. */
const plannedSettings: PlannedResource = { type: "terraform_data", name: "settings", values: {} };
const laterValue = "terraform_data.settings.output";

/** Returns a resource whose tag `placeholder` has the value for a verdict. */
function plannedTags(resource: PlannedResource, verdict: ExampleVerdict): PlannedResource[] {
  const tags = { placeholder: byVerdict<string | null>(verdict, "true", "false", null) };
  if (verdict !== "unknown") return [{ ...resource, values: { ...resource.values, tags } }];
  const { values, unknown = {} } = resource;
  const constants = Object.entries(values).map(([name, value]) => [name, constant(value)]);
  const references = Object.entries(unknown).map(([name, attribute]) => [name, reference(attribute)]);
  return [
    {
      ...resource,
      values: { ...values, tags },
      afterUnknown: {
        id: true,
        ...Object.fromEntries(Object.keys(unknown).map((name) => [name, true])),
        tags: { placeholder: true },
      },
      expressions: { ...Object.fromEntries([...constants, ...references]), tags: reference(laterValue) },
    },
    plannedSettings,
  ];
}

interface PlannedStatement {
  sid: string;
  effect: string | null;
  actions: string[];
  principal?: string;
}

/** Returns the data source of a policy document that Terraform reads during apply. */
function plannedDocument(all: PlannedStatement[]): PlannedResource {
  const principals = (principal: string | undefined, wrap: (value: unknown) => unknown) =>
    principal === undefined ? [] : [{ identifiers: wrap([principal]), type: wrap("AWS") }];
  return {
    mode: "data",
    type: "aws_iam_policy_document",
    name: "orders",
    values: {
      statement: all.map(({ sid, effect, actions, principal }) => ({
        actions,
        condition: [],
        effect,
        not_actions: null,
        not_principals: [],
        not_resources: null,
        principals: principals(principal, (value) => value),
        resources: ["*"],
        sid,
      })),
      version: null,
    },
    afterUnknown: {
      id: true,
      json: true,
      statement: all.map(({ effect }) => (effect === null ? { effect: true } : {})),
    },
    expressions: {
      statement: all.map(({ sid, effect, actions, principal }) => ({
        actions: constant(actions),
        effect: effect === null ? reference(laterValue) : constant(effect),
        ...(principal === undefined ? {} : { principals: principals(principal, constant) }),
        resources: constant(["*"]),
        sid: constant(sid),
      })),
    },
  };
}

const laterDocument = { policy: "data.aws_iam_policy_document.orders.json" };

const builders: { [kind in Kind]: { [example: string]: Builder } } = {
  key: {
    "cloudformation.yaml": (verdict) =>
      template(
        parameterFor(verdict, "Placeholder"),
        [templateKey(templateTags(verdict)), templateAlias()].join("\n"),
      ),
    "plan.json": (verdict) => planOf([plannedAlias(), ...plannedTags(plannedKey(), verdict)]),
    "kubernetes.yaml": (verdict) => `apiVersion: kms.services.k8s.aws/v1alpha1
kind: Key
metadata:
  name: orders
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  description: Orders
  enableKeyRotation: true
  tags:
    - tagKey: placeholder
      tagValue: ${byVerdict(verdict, '"true"', '"false"', "${PLACEHOLDER}")}
`,
  },
  statement: {
    "policy.json": (verdict) => `${policyOf(verdict)}\n`,
    "cloudformation.yaml": (verdict) =>
      template(
        parameterFor(verdict, "Effect"),
        [
          templateKey(`
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: EnableIamPolicies
            Effect: Allow
            Principal:
              AWS: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root
            Action: kms:*
            Resource: "*"
          - Sid: Placeholder
            Effect: ${templateEffect(verdict)}
            Principal:
              AWS: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/placeholder
            Action: kms:DescribeKey
            Resource: "*"`),
          templateAlias(),
        ].join("\n"),
      ),
    "plan.json"(verdict) {
      if (verdict !== "unknown") {
        const policy = JSON.stringify(JSON.parse(policyOf(verdict)));
        return planOf([plannedAlias(), plannedKey({}, { policy })]);
      }
      const [root, placeholder] = ["root", "role/placeholder"].map(
        (name) => `arn:aws:iam::${account}:${name}`,
      );
      return planOf([
        plannedDocument([
          { sid: "EnableIamPolicies", effect: "Allow", actions: ["kms:*"], principal: root as string },
          {
            sid: "Placeholder",
            effect: null,
            actions: ["kms:DescribeKey"],
            principal: placeholder as string,
          },
        ]),
        plannedAlias(),
        plannedKey({ unknown: laterDocument }),
        plannedSettings,
      ]);
    },
    "kubernetes.yaml": (verdict) => `apiVersion: kms.services.k8s.aws/v1alpha1
kind: Key
metadata:
  name: orders
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  description: Orders
  enableKeyRotation: true
  policy: |
${indented(policyOf(verdict), 4)}
`,
  },
  alias: {
    "cloudformation.yaml": (verdict) =>
      template(
        parameterFor(verdict, "KeyId"),
        [
          templateKey(),
          templateAlias(byVerdict(verdict, outsideKey, "!Ref OrdersKey", "!Ref KeyId"), "placeholder"),
        ].join("\n"),
      ),
    "plan.json"(verdict) {
      const values = { name: "alias/placeholder", region: "eu-west-1" };
      const unknown = { target_key_id: byVerdict(verdict, "", "aws_kms_key.orders.key_id", laterValue) };
      const alias = { type: "aws_kms_alias", name: "orders" };
      return planOf([
        verdict === "fail"
          ? { ...alias, values: { ...values, target_key_id: outsideKey } }
          : { ...alias, values, unknown },
        plannedKey(),
        ...(verdict === "unknown" ? [plannedSettings] : []),
      ]);
    },
    "kubernetes.yaml": (verdict) => `apiVersion: kms.services.k8s.aws/v1alpha1
kind: Key
metadata:
  name: orders
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  description: Orders
  enableKeyRotation: true
---
apiVersion: kms.services.k8s.aws/v1alpha1
kind: Alias
metadata:
  name: orders
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  name: alias/placeholder
  ${byVerdict(verdict, `targetKeyID: ${outsideKey}`, "targetKeyRef:\n    from:\n      name: orders", "targetKeyID: ${KEY_ID}")}
`,
  },
  grant: {
    "plan.json"(verdict) {
      const values = {
        constraints: [],
        grantee_principal: `arn:aws:iam::${account}:role/placeholder`,
        name: "placeholder",
        region: "eu-west-1",
      };
      const unknown = { key_id: "aws_kms_key.orders.key_id" };
      const grant = { type: "aws_kms_grant", name: "placeholder" };
      const operations = byVerdict<string[]>(verdict, ["DescribeKey"], ["Encrypt"], []);
      return planOf([
        plannedAlias(),
        verdict === "unknown"
          ? { ...grant, values, unknown: { ...unknown, operations: laterValue } }
          : { ...grant, values: { ...values, operations }, unknown },
        plannedKey({}, { policy: ownerPolicy }),
        ...(verdict === "unknown" ? [plannedSettings] : []),
      ]);
    },
    "kubernetes.yaml": (verdict) => `apiVersion: kms.services.k8s.aws/v1alpha1
kind: Key
metadata:
  name: orders
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  description: Orders
  enableKeyRotation: true
  policy: '${ownerPolicy}'
---
apiVersion: kms.services.k8s.aws/v1alpha1
kind: Grant
metadata:
  name: placeholder
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  keyRef:
    from:
      name: orders
  granteePrincipal: arn:aws:iam::${account}:role/placeholder
  operations: [${byVerdict(verdict, "DescribeKey", "Encrypt", '"${OPERATION}"')}]
`,
  },
  consumer: {
    "cloudformation.yaml": (verdict) =>
      template(
        parameterFor(verdict, "Placeholder"),
        [
          templateKey(),
          templateAlias(),
          `  OrdersTopic:
    Type: AWS::SNS::Topic
    Properties:
      KmsMasterKeyId: !GetAtt OrdersKey.Arn${templateTags(verdict)}`,
        ].join("\n"),
      ),
    "plan.json"(verdict) {
      const topic: PlannedResource = {
        type: "aws_sns_topic",
        name: "orders",
        values: { name: "orders", region: "eu-west-1" },
        unknown: { kms_master_key_id: "aws_kms_key.orders.arn" },
      };
      return planOf([plannedAlias(), plannedKey(), ...plannedTags(topic, verdict)]);
    },
  },
  "identity-policy": {
    "cloudformation.yaml": (verdict) =>
      template(
        parameterFor(verdict, "Effect"),
        `  OrdersPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Placeholder
            Effect: ${templateEffect(verdict)}
            Action: kms:DescribeKey
            Resource: "*"`,
      ),
    "plan.json"(verdict) {
      const policy = { type: "aws_iam_policy", name: "orders" };
      const values = { name: "orders", path: "/" };
      if (verdict === "unknown")
        return planOf([
          plannedDocument([{ sid: "Placeholder", effect: null, actions: ["kms:DescribeKey"] }]),
          { ...policy, values, unknown: laterDocument },
          plannedSettings,
        ]);
      const [, placeholder] = statements(byVerdict(verdict, "Allow", "Deny", ""));
      const { Principal: _, ...statement } = placeholder as ReturnType<typeof statements>[number];
      const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      return planOf([{ ...policy, values: { ...values, policy: document } }]);
    },
  },
};

/** Returns the examples of a kind of rule, by their file names. */
export const examplesOf = (kind: Kind): { [name: string]: string } =>
  Object.fromEntries(
    (["fail", "pass", "unknown"] as const).flatMap((verdict) =>
      Object.entries(builders[kind]).map(([name, build]) => [`${verdict}.${name}`, build(verdict)]),
    ),
  );
