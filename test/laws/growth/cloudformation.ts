/** CloudFormation templates and change sets whose evaluation could grow faster than their text. */
import {
  allow,
  bracketed,
  type Family,
  json,
  key,
  nested,
  policy,
  repeat,
  root,
  template,
} from "./family.ts";

const file = (name: string, n: number, value: (n: number) => unknown): Family => ({
  name: `template: ${name}`,
  n,
  files: (size) => {
    const made = value(size);
    return { "template.json": typeof made === "string" ? made : json(made) };
  },
});

const keyWith = (principal: unknown, more: object = {}, resources: object = {}) =>
  template({ Key: key(policy(root, allow({ Principal: { AWS: principal } }))), ...resources }, more);

const numbered = (n: number, prefix: string, item: (i: number) => unknown) =>
  Object.fromEntries(repeat(n, (i) => [`${prefix}${i}`, item(i)]));

/** Conditions that each refer twice to the one before. */
const doubling = (n: number, first: unknown) => ({
  C0: first,
  ...Object.fromEntries(
    repeat(n, (i) => [
      `C${i + 1}`,
      { "Fn::Or": [{ "Fn::Not": [{ Condition: `C${i}` }] }, { Condition: `C${i}` }] },
    ]),
  ),
});
const undecided = { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-west-1"] };
const parameter = { Type: "String" };

export const templateFamilies: Family[] = [
  file("nested Fn::Sub", 28, (n) =>
    keyWith(nested<unknown>(n, "x", (inner) => ({ "Fn::Sub": ["${A}${A}", { A: inner }] }))),
  ),
  file("nested Fn::Sub of a parameter", 28, (n) =>
    keyWith(
      nested<unknown>(n, { Ref: "P" }, (inner) => ({ "Fn::Sub": ["${A}${A}", { A: inner }] })),
      { Parameters: { P: parameter } },
    ),
  ),
  file("Fn::Join in Fn::Join", 28, (n) =>
    keyWith(nested<unknown>(n, "x", (inner) => ({ "Fn::Join": ["", [inner, "x"]] }))),
  ),
  file("Fn::Join by Fn::Split", 16, (n) =>
    keyWith(nested<unknown>(n, "xx", (inner) => ({ "Fn::Join": ["xx", { "Fn::Split": ["x", inner] }] }))),
  ),
  file("Fn::Sub with a string many times", 1000, (n) =>
    keyWith({ "Fn::Sub": ["${A}".repeat(n * 10), { A: "x".repeat(n * 10) }] }),
  ),
  file("Fn::Sub with an expression many times", 1000, (n) =>
    keyWith({ "Fn::Sub": ["${A}".repeat(n), { A: { "Fn::Join": ["", repeat(n, () => "x")] } }] }),
  ),
  file("Fn::Join with a long delimiter", 1000, (n) =>
    keyWith({ "Fn::Join": ["x".repeat(n * 10), repeat(n * 10, () => "a")] }),
  ),
  file("Fn::Split", 50_000, (n) => keyWith({ "Fn::Split": ["a", "a".repeat(n)] })),
  file("Fn::Select of Fn::Split", 500, (n) =>
    keyWith(
      repeat(n, (i) => ({ "Fn::Select": [i, { "Fn::Split": [",", { Ref: "L" }] }] })),
      {
        Parameters: { L: { Type: "String", Default: "1,".repeat(n * 10) } },
      },
    ),
  ),
  file("references to a long default", 1000, (n) =>
    keyWith(
      repeat(n, () => ({ Ref: "L" })),
      { Parameters: { L: { Type: "String", Default: "1,".repeat(n * 10) } } },
    ),
  ),
  file("references to a long list", 100, (n) =>
    keyWith(
      { "Fn::Join": ["", repeat(n, () => ({ "Fn::Join": ["", { Ref: "L" }] }))] },
      { Parameters: { L: { Type: "CommaDelimitedList", Default: "1,".repeat(n * 10) } } },
    ),
  ),
  file("Fn::ToJsonString in itself", 30, (n) =>
    keyWith(
      nested<unknown>(n, "x", (inner) => ({ "Fn::ToJsonString": [inner] })),
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("Fn::Base64 in itself", 60, (n) =>
    keyWith(nested<unknown>(n, "x", (inner) => ({ "Fn::Base64": inner }))),
  ),
  file("conditions that double", 100, (n) =>
    keyWith({ "Fn::If": [`C${n}`, "x", "y"] }, { Conditions: doubling(n, undecided) }),
  ),
  file("conditions that double, long chain", 1000, (n) =>
    keyWith({ "Fn::If": [`C${n}`, "x", "y"] }, { Conditions: doubling(n, undecided) }),
  ),
  file("a cycle of conditions", 1000, (n) =>
    keyWith(
      { "Fn::If": ["C0", "x", "y"] },
      { Conditions: numbered(n, "C", (i) => ({ "Fn::Not": [{ Condition: `C${(i + 1) % n}` }] })) },
    ),
  ),
  file("all conditions refer to all", 100, (n) =>
    keyWith(
      { "Fn::If": [`C${n - 1}`, "x", "y"] },
      {
        Conditions: {
          ...numbered(n, "C", (i) =>
            i === 0 ? undecided : { "Fn::And": repeat(i, (j) => ({ Condition: `C${j}` })) },
          ),
        },
      },
    ),
  ),
  file("undecided conditions", 500, (n) =>
    keyWith(
      repeat(n, (i) => ({ "Fn::If": [`C${i}`, "x", "y"] })),
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: `P${i}` }, "x"] })),
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("undecided conditions of keys", 300, (n) =>
    template(
      numbered(n, "Key", (i) => ({ ...key(), Condition: `C${i}` })),
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: `P${i}` }, "x"] })),
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("aliases of one key with undecided conditions", 200, (n) =>
    template(
      {
        Key: key(),
        ...numbered(n, "Alias", (i) => ({
          Type: "AWS::KMS::Alias",
          Condition: `C${i}`,
          Properties: { AliasName: `alias/a${i}`, TargetKeyId: { Ref: "Key" } },
        })),
      },
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: `P${i}` }, "x"] })),
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("undecided conditions in statements", 200, (n) =>
    template(
      {
        Key: key({
          Version: "2012-10-17",
          Statement: [
            root,
            ...repeat(n, (i) => ({ "Fn::If": [`C${i}`, allow({ Sid: `S${i}` }), { Ref: "AWS::NoValue" }] })),
          ],
        }),
      },
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: `P${i}` }, "x"] })),
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("one parameter compared with many values", 500, (n) =>
    keyWith(
      repeat(n, (i) => ({ "Fn::If": [`C${i}`, "x", "y"] })),
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: "P" }, `x${i}`] })),
        Parameters: { P: parameter },
      },
    ),
  ),
  file("allowed values", 8, (n) =>
    keyWith(
      repeat(n * 10, (i) => ({ "Fn::Sub": `arn:aws:iam::\${P${i}}:root` })),
      {
        Parameters: numbered(n * 10, "P", () => ({
          Type: "String",
          AllowedValues: repeat(8, (i) => `11112222333${i}`),
        })),
      },
    ),
  ),
  file("many allowed values", 5000, (n) =>
    keyWith(
      repeat(50, () => ({ "Fn::If": ["C", "x", "y"] })),
      {
        Conditions: { C: { "Fn::Equals": [{ Ref: "P" }, "v1"] } },
        Parameters: { P: { Type: "String", AllowedValues: repeat(n, (i) => `v${i}`) } },
      },
    ),
  ),
  file("allowed values of many keys", 100, (n) =>
    template(
      numbered(n, "Key", (i) =>
        key(policy(root, allow({ Principal: { AWS: { "Fn::Sub": `arn:aws:iam::\${P${i}}:root` } } }))),
      ),
      {
        Parameters: numbered(n, "P", () => ({
          Type: "String",
          AllowedValues: repeat(8, (i) => `11112222333${i}`),
        })),
      },
    ),
  ),
  file("mapping by an unknown Region", 60, (n) =>
    keyWith(
      repeat(n, () => ({ "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "K"] })),
      {
        Mappings: { M: numbered(n, "r", (i) => ({ K: `arn:aws:iam::${100000000000 + i}:root` })) },
      },
    ),
  ),
  file("mapping by unknown keys with long lists", 30, (n) =>
    keyWith(
      { "Fn::FindInMap": ["M", { Ref: "P" }, { Ref: "Q" }] },
      {
        Mappings: {
          M: numbered(n, "r", () => numbered(n, "k", () => repeat(10, (i) => `${111122223300 + i}`))),
        },
        Parameters: { P: parameter, Q: parameter },
      },
    ),
  ),
  file("mappings by many unknown keys", 200, (n) =>
    keyWith(
      repeat(n, (i) => ({ "Fn::FindInMap": ["M", { Ref: `P${i}` }, "K"] })),
      {
        Mappings: { M: numbered(60, "r", (i) => ({ K: `arn:aws:iam::${100000000000 + i}:root` })) },
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("a large mapping used many times", 1000, (n) =>
    keyWith(
      repeat(n, () => ({ "Fn::FindInMap": ["M", { Ref: "P" }, "K"] })),
      {
        Mappings: { M: numbered(n, "r", (i) => ({ K: `v${i}` })) },
        Parameters: { P: parameter },
      },
    ),
  ),
  file("a long list in a mapping used many times", 300, (n) =>
    keyWith(
      repeat(n, () => ({ "Fn::Join": ["", { "Fn::FindInMap": ["M", "r", "K"] }] })),
      {
        Mappings: { M: { r: { K: repeat(n * 10, () => "x") } } },
      },
    ),
  ),
  file("Fn::FindInMap in Fn::FindInMap", 42, (n) =>
    keyWith(
      nested<unknown>(n, "r", (inner) => ({ "Fn::FindInMap": ["M", inner, "K"] })),
      { Mappings: { M: { r: { K: "r" } } } },
    ),
  ),
  file("nested Fn::If", 42, (n) =>
    keyWith(
      nested<unknown>(n, "x", (inner, i) => ({ "Fn::If": [`C${i}`, inner, "y"] })),
      {
        Conditions: numbered(n, "C", (i) => ({ "Fn::Equals": [{ Ref: `P${i}` }, "x"] })),
        Parameters: numbered(n, "P", () => parameter),
      },
    ),
  ),
  file("nested equal conditions", 15, (n) =>
    keyWith(
      { "Fn::If": ["C", "x", "y"] },
      {
        Conditions: {
          C: nested<unknown>(n, undecided, (inner) => ({
            "Fn::Equals": [{ "Fn::If": [inner, "a", { Ref: "AWS::Region" }] }, "a"],
          })),
        },
      },
    ),
  ),
  file("loops in loops", 4, (n) =>
    template(
      nested<object>(n, { Key: key() }, (inner, i) => ({
        [`Fn::ForEach::L${i}`]: [`V${i}`, repeat(10, String), inner],
      })),
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("a loop of many values", 1500, (n) =>
    template(
      { "Fn::ForEach::L": ["V", repeat(n, String), { "Key${V}": key() }] },
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("loops of loops without resources", 1000, (n) =>
    template(
      {
        Key: key(),
        "Fn::ForEach::L": ["V", repeat(n, String), { "Fn::ForEach::M": ["W", repeat(n, String), {}] }],
      },
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("loops in properties", 45, (n) =>
    template(
      {
        Key: key(policy(root), {
          Tags: {
            "Fn::ForEach::L": [
              "V",
              repeat(n, String),
              { "Fn::ForEach::M": ["W", repeat(n, String), { "${V}${W}": "x" }] },
            ],
          },
        }),
      },
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("keys in a loop with loops", 40, (n) =>
    template(
      {
        "Fn::ForEach::L": [
          "V",
          repeat(n, String),
          {
            "Key${V}": key(
              policy(
                root,
                allow({
                  Condition: {
                    StringEquals: {
                      "Fn::ForEach::M": ["W", repeat(n, String), { "aws:PrincipalTag/${W}": "x" }],
                    },
                  },
                }),
              ),
            ),
          },
        ],
      },
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("variables of loops", 30, (n) =>
    template(
      nested<object>(n, { Key: key() }, (inner, i) => ({ [`Fn::ForEach::L${i}`]: [`V${i}`, ["a"], inner] })),
      { Transform: "AWS::LanguageExtensions" },
    ),
  ),
  file("a template in a template", 5, (n) =>
    template(
      nested<object>(n, { Key: key() }, (inner) => ({
        Set: { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: json(template(inner)) } },
        Key: key(),
      })),
    ),
  ),
  file("templates in a template", 50, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Set", () => ({
        Type: "AWS::CloudFormation::StackSet",
        Properties: { TemplateBody: json(template({ Key: key() })) },
      })),
    }),
  ),
  file("one template of many stack sets", 100, (n) =>
    template(
      {
        Key: key(),
        ...numbered(n, "Set", () => ({
          Type: "AWS::CloudFormation::StackSet",
          Properties: { TemplateBody: { "Fn::FindInMap": ["M", "a", "b"] } },
        })),
      },
      { Mappings: { M: { a: { b: json(template(numbered(n / 10, "Key", () => key()))) } } } },
    ),
  ),
  file("one template of doubling stack sets", 5, (n) =>
    template(
      {
        Key: key(),
        Set: { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: { Ref: "B" } } },
      },
      {
        Parameters: {
          B: {
            Type: "String",
            Default: nested(n, json(template({ Key: key() })), (inner) =>
              json(
                template(
                  numbered(2, "Set", () => ({
                    Type: "AWS::CloudFormation::StackSet",
                    Properties: { TemplateBody: { Ref: "B" } },
                  })),
                  { Parameters: { B: { Type: "String", Default: inner } } },
                ),
              ),
            ),
          },
        },
      },
    ),
  ),
  file("YAML templates in a template", 5, (n) =>
    template(
      nested<object>(n, { Key: key() }, (inner) => ({
        Set: {
          Type: "AWS::CloudFormation::StackSet",
          Properties: { TemplateBody: `---\n${json(template(inner))}` },
        },
        Key: key(),
      })),
    ),
  ),
  file("exports", 500, (n) =>
    template(
      { Key: key() },
      {
        Outputs: numbered(n, "O", (i) => ({
          Value: { "Fn::GetAtt": ["Key", "Arn"] },
          Export: { Name: `e${i}` },
        })),
      },
    ),
  ),
  file("equal exports and imports", 300, (n) =>
    template(
      {
        Key: key(),
        ...numbered(n, "Alias", (i) => ({
          Type: "AWS::KMS::Alias",
          Properties: { AliasName: `alias/a${i}`, TargetKeyId: { "Fn::ImportValue": "e" } },
        })),
      },
      {
        Outputs: numbered(n, "O", () => ({ Value: { "Fn::GetAtt": ["Key", "Arn"] }, Export: { Name: "e" } })),
      },
    ),
  ),
  file("keys", 150, (n) => template(numbered(n, "Key", () => key()))),
  file("aliases of one key", 500, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Alias", (i) => ({
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: `alias/a${i}`, TargetKeyId: { Ref: "Key" } },
      })),
    }),
  ),
  file("equal aliases of many keys", 150, (n) =>
    template({
      ...numbered(n, "Key", () => key()),
      ...numbered(n, "Alias", (i) => ({
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: "alias/a", TargetKeyId: { Ref: `Key${i}` } },
      })),
      ...numbered(n, "Target", (i) => ({
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: `alias/b${i}`, TargetKeyId: "alias/a" },
      })),
    }),
  ),
  file("consumers by alias", 400, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Alias", (i) => ({
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: `alias/a${i}`, TargetKeyId: { Ref: "Key" } },
      })),
      ...numbered(n, "Queue", (i) => ({
        Type: "AWS::SQS::Queue",
        Properties: { KmsMasterKeyId: `alias/a${i}` },
      })),
    }),
  ),
  file("replicas", 150, (n) =>
    template({
      Key: key(policy(root), { MultiRegion: true }),
      ...numbered(n, "Replica", () => ({
        Type: "AWS::KMS::ReplicaKey",
        Properties: { KeyPolicy: policy(root), PrimaryKeyArn: { "Fn::GetAtt": ["Key", "Arn"] } },
      })),
    }),
  ),
  file("a chain of replicas", 150, (n) =>
    template({
      Replica0: key(policy(root), { MultiRegion: true }),
      ...Object.fromEntries(
        repeat(n, (i) => [
          `Replica${i + 1}`,
          {
            Type: "AWS::KMS::ReplicaKey",
            Properties: { KeyPolicy: policy(root), PrimaryKeyArn: { "Fn::GetAtt": [`Replica${i}`, "Arn"] } },
          },
        ]),
      ),
    }),
  ),
  file("a chain of DependsOn", 500, (n) =>
    template({
      Key: key(),
      ...numbered(n, "R", (i) => ({ Type: "AWS::SNS::Topic", DependsOn: `R${i + 1}` })),
    }),
  ),
  file("a chain of alias names", 300, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Alias", (i) => ({
        Type: "AWS::KMS::Alias",
        Properties: {
          AliasName: { "Fn::Sub": `\${Alias${i + 1}}\${Alias${i + 1}}` },
          TargetKeyId: { Ref: "Key" },
        },
      })),
    }),
  ),
  file("roles with policies", 150, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Role", (i) => ({
        Type: "AWS::IAM::Role",
        Properties: {
          Policies: [
            {
              PolicyName: "p",
              PolicyDocument: policy({ Effect: "Allow", Action: "kms:*", Resource: "*", Sid: `S${i}` }),
            },
          ],
        },
      })),
    }),
  ),
  file("statements of one role", 400, (n) =>
    template({
      Key: key(),
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          Policies: [
            {
              PolicyName: "p",
              PolicyDocument: policy(
                ...repeat(n, (i) => ({
                  Sid: `S${i}`,
                  Effect: "Allow",
                  Action: "kms:Decrypt",
                  Resource: "*",
                })),
              ),
            },
          ],
        },
      },
    }),
  ),
  file("a reference of many unknown parts", 60, (n) =>
    template({
      Key: key(),
      Queue: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: `arn:${"⟨a⟩".repeat(n)}` } },
    }),
  ),
  file("consumers", 500, (n) =>
    template({
      Key: key(),
      ...numbered(n, "Bucket", () => ({
        Type: "AWS::SQS::Queue",
        Properties: { KmsMasterKeyId: { Ref: "Key" } },
      })),
    }),
  ),
  file("tags", 2000, (n) =>
    template({ Key: key(policy(root), { Tags: repeat(n, (i) => ({ Key: `k${i}`, Value: "x" })) }) }),
  ),
  file("equal tags", 2000, (n) =>
    template({ Key: key(policy(root), { Tags: repeat(n, () => ({ Key: "k", Value: "x" })) }) }),
  ),
  file("a long description", 100_000, (n) =>
    template({ Key: key(policy(root), { Description: "x".repeat(n) }) }),
  ),
  file("a long logical ID", 50_000, (n) =>
    template({ [`K${"k".repeat(n)}`]: key(policy(root, allow({ Principal: "*" }))) }),
  ),
  file("a long logical ID of an open key with many statements", 30, (n) =>
    template({ [`K${"k".repeat(n * 100)}`]: key(policy(...repeat(n, () => allow({ Principal: "*" })))) }),
  ),
  file("a long name in many references", 100, (n) =>
    template(
      {
        [`K${"k".repeat(n * 100)}`]: key(
          policy(root, ...repeat(n, () => allow({ Principal: { AWS: { Ref: "P" } } }))),
        ),
      },
      { Parameters: { P: parameter } },
    ),
  ),
  file("metadata suppressions", 500, (n) =>
    template({
      Key: {
        ...key(),
        Metadata: { keywarden: { ignore: repeat(n, (i) => ({ rule: "public_access", reason: `r${i}` })) } },
      },
    }),
  ),
  file("invalid functions", 1000, (n) => keyWith(repeat(n, () => ({ "Fn::Join": "x" })))),
  file("deeply nested invalid functions", 85, (n) =>
    keyWith(nested<unknown>(n, "x", (inner) => ({ "Fn::Sub": inner }))),
  ),
  file("deep properties", 85, (n) =>
    json(template({ Key: key(policy(root), { Tags: "@" }) })).replace('"@"', bracketed(n, '{"a":', "1", "}")),
  ),
  file("wide and deep properties", 85, (n) =>
    template({
      Key: key(policy(root), { Tags: nested<unknown>(n, "x", (inner) => [inner, "y".repeat(500)]) }),
    }),
  ),
  file("wide and deep functions", 28, (n) =>
    keyWith(nested<unknown>(n, "x", (inner) => ({ "Fn::Join": ["", [inner, "y".repeat(500)]] }))),
  ),
  file("a malformed policy with a large excerpt", 2000, (n) =>
    template({
      Key: key({
        Version: "2012-10-17",
        Statement: nested<unknown>(
          90,
          repeat(n, (i) => i),
          (inner) => [inner],
        ),
      }),
    }),
  ),
  file("AllowedPattern of nested groups", 1000, (n) =>
    keyWith(
      { Ref: "P" },
      { Parameters: { P: { Type: "String", AllowedPattern: `${"(".repeat(n)}a${")*".repeat(n)}` } } },
    ),
  ),
  file("AllowedPattern of repetitions", 2000, (n) =>
    keyWith({ Ref: "P" }, { Parameters: { P: { Type: "String", AllowedPattern: "a*".repeat(n) } } }),
  ),
  file("AllowedPattern of many parameters", 1000, (n) =>
    keyWith(
      repeat(n, (i) => ({ Ref: `P${i}` })),
      {
        Parameters: numbered(n, "P", () => ({
          Type: "String",
          AllowedPattern: "(a|b){1,50}[a-z]*[0-9]*arn",
        })),
      },
    ),
  ),
  file("AllowedPattern with large counts", 1000, (n) =>
    keyWith(
      repeat(n, (i) => ({ Ref: `P${i}` })),
      {
        Parameters: numbered(n, "P", () => ({
          Type: "String",
          AllowedPattern: "((((a{999}){999}){999}){999}){9}",
        })),
      },
    ),
  ),
  file("placeholders", 5000, (n) =>
    keyWith({ "Fn::Sub": "${P}".repeat(n) }, { Parameters: { P: parameter } }),
  ),
  file("open braces", 50_000, (n) => keyWith("{{".repeat(n))),
  file("open placeholders", 50_000, (n) => keyWith({ "Fn::Sub": "${".repeat(n) })),
  file("dynamic references", 5000, (n) => keyWith("{{resolve:ssm:a}}".repeat(n))),
  file("macros", 1000, (n) => template({ Key: key() }, { Transform: repeat(n, (i) => `Macro${i}`) })),
  file("modules", 500, (n) =>
    template({ Key: key(), ...numbered(n, "M", (i) => ({ Type: `My::KMS::T${i}::MODULE` })) }),
  ),
  file("nested stacks", 500, (n) =>
    template({
      Key: key(),
      ...numbered(n, "S", (i) => ({
        Type: "AWS::CloudFormation::Stack",
        Properties: { TemplateURL: `./t${i}.yaml` },
      })),
    }),
  ),
  file("nested stacks with NoEcho parameters", 300, (n) =>
    template(
      {
        Key: key(),
        ...numbered(n, "S", (i) => ({
          Type: "AWS::CloudFormation::Stack",
          Properties: { TemplateURL: `./t${i}.yaml` },
        })),
      },
      { Parameters: numbered(n, "P", () => ({ Type: "String", NoEcho: true })) },
    ),
  ),
  file("policies with Fn::Transform", 300, (n) =>
    keyWith(repeat(n, () => ({ "Fn::Transform": { Name: "M" } }))),
  ),
  file("a policy in Fn::Sub", 300, (n) =>
    template(
      {
        Key: key({
          "Fn::Sub": json(policy(root, ...repeat(n, () => allow({ Principal: { AWS: "${P}" } })))),
        }),
      },
      { Parameters: { P: parameter } },
    ),
  ),
];

const context = (properties: object) => json({ Properties: properties });
const change = (id: string, properties: object, details: unknown[] = []) => ({
  Type: "Resource",
  ResourceChange: {
    Action: "Add",
    LogicalResourceId: id,
    ResourceType: "AWS::KMS::Key",
    Scope: [],
    Details: details,
    AfterContext: context(properties),
  },
});
const changeSet = (changes: unknown[]) => ({
  ChangeSetName: "c",
  ChangeSetId:
    "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c/9b1f2c3d-0000-4000-8000-0123456789ab",
  StackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f",
  StackName: "orders",
  ExecutionStatus: "AVAILABLE",
  Status: "CREATE_COMPLETE",
  Changes: changes,
});
const changes = (name: string, n: number, make: (n: number) => unknown): Family => ({
  name: `change set: ${name}`,
  n,
  files: (size) => ({ "change-set.json": json(make(size)) }),
});

export const changeSetFamilies: Family[] = [
  changes("keys", 150, (n) => changeSet(repeat(n, (i) => change(`Key${i}`, { KeyPolicy: policy(root) })))),
  changes("one key many times", 150, (n) =>
    changeSet(repeat(n, () => change("Key", { KeyPolicy: policy(root) }))),
  ),
  changes("details", 500, (n) =>
    changeSet([
      change(
        "Key",
        { KeyPolicy: policy(root) },
        repeat(n, () => ({
          Target: {
            Attribute: "Properties",
            Name: "KeyPolicy",
            Path: "/Properties/KeyPolicy",
            AfterValue: json(policy(root)),
          },
          Evaluation: "Static",
        })),
      ),
    ]),
  ),
  changes("a deep policy", 150, (n) =>
    changeSet([
      change("Key", {
        KeyPolicy: policy(root, allow({ Principal: nested<unknown>(n, "*", (inner) => [inner]) })),
      }),
    ]),
  ),
  changes("unknown values", 1000, (n) =>
    changeSet([
      change("Key", {
        KeyPolicy: policy(
          root,
          allow({ Principal: { AWS: repeat(n, () => "{{changeSet:KNOWN_AFTER_APPLY}}") } }),
        ),
      }),
    ]),
  ),
];
