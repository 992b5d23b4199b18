/** Writes the hole in CloudFormation templates and in what is made of them. */
import type { Random } from "../random.ts";
import { writeJson } from "./json.ts";
import { type Files, holePolicy, type Json, type JsonObject } from "./policy.ts";
import { writeEither, writeYaml } from "./yaml.ts";

/** Sections that the functions in a template refer to. */
interface Template {
  Parameters: JsonObject;
  Mappings: JsonObject;
  Conditions: JsonObject;
  Transform: string[];
}

export function cloudformation(random: Random): Files {
  const template: Template = { Parameters: {}, Mappings: {}, Conditions: {}, Transform: [] };
  const key = keyResource(wholePolicy(template, random), random);
  if (random.chance(0.1)) key["Condition"] = condition(template, random);
  const resources: JsonObject = {
    Key: key,
    Alias: {
      Type: "AWS::KMS::Alias",
      Properties: { AliasName: "alias/orders", TargetKeyId: { Ref: "Key" } },
    },
  };
  if (random.chance(0.1)) template.Transform.push("AWS::Serverless-2016-10-31");
  const sections = Object.fromEntries(
    Object.entries(template).filter(([, section]) => Object.keys(section).length > 0),
  ) as JsonObject;
  const value: JsonObject = {
    ...(random.chance(0.8) ? { AWSTemplateFormatVersion: "2010-09-09" } : {}),
    ...sections,
    Resources: resources,
  };
  switch (random.integer(8)) {
    case 0:
      return nested(value, random);
    case 1:
      return {
        "cdk.out/Stack.template.json": writeJson(value, random),
        "cdk.out/manifest.json": JSON.stringify({
          version: "36.0.0",
          artifacts: {
            Stack: {
              type: "aws:cloudformation:stack",
              environment: "aws://111122223333/eu-west-1",
              properties: { templateFile: "Stack.template.json" },
            },
          },
        }),
      };
    case 2:
    case 3:
    case 4:
      return { "template.json": writeJson(value, random) };
    default:
      return { "template.yaml": writeYaml(value, random) };
  }
}

export function changeSet(random: Random): Files {
  const properties = {
    KeyPolicy: random.chance(0.8) ? holePolicy(random) : JSON.stringify(holePolicy(random)),
    EnableKeyRotation: "true",
  };
  const change: JsonObject = {
    Action: random.pick(["Add", "Modify"]),
    LogicalResourceId: "Key",
    ResourceType: "AWS::KMS::Key",
    Replacement: "False",
    Scope: ["Properties"],
    Details: [],
    AfterContext: writeJson(
      { Properties: properties, DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" },
      random,
    ),
  };
  const value = {
    ChangeSetName: "open",
    ChangeSetId:
      "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/open/9b1f2c3d-0000-4000-8000-0123456789ab",
    StackId:
      "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f",
    StackName: "orders",
    Status: "CREATE_COMPLETE",
    Changes: [{ Type: "Resource", ResourceChange: change }],
  };
  return { "change-set.json": writeJson(value, random) };
}

const keyResource = (policy: Json, random: Random): JsonObject => ({
  Type: random.pick(["AWS::KMS::Key", "AWS::KMS::Key", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"]),
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  Properties: { Description: "Encrypts the order archive", KeyPolicy: policy },
});

/** A parent whose child has the key. */
function nested(child: JsonObject, random: Random): Files {
  const parent: JsonObject = {
    Resources: {
      Child: {
        Type: "AWS::CloudFormation::Stack",
        Properties: { TemplateURL: random.pick(["./child.yaml", "child.yaml"]) },
      },
    },
  };
  return { "parent.yaml": writeYaml(parent, random), "child.yaml": writeEither(child, random) };
}

function wholePolicy(template: Template, random: Random): Json {
  const policy = holePolicy(random);
  switch (random.integer(10)) {
    case 0:
      return text(JSON.stringify(policy), template, random, 1);
    case 1:
      template.Transform.push("AWS::LanguageExtensions");
      return { "Fn::ToJsonString": dressed(policy, template, random, 0.1) };
    case 2:
      return { "Fn::Sub": JSON.stringify(policy) };
    case 3:
      return choice(policy, { Version: "2012-10-17", Statement: [] }, template, random);
    case 4:
      return policy;
    default:
      return dressed(policy, template, random, random.pick([0.05, 0.2, 0.5]));
  }
}

/** Replaces parts of a value with functions that return them. */
function dressed(value: Json, template: Template, random: Random, density: number): Json {
  if (typeof value === "string") return random.chance(density) ? text(value, template, random, 0) : value;
  if (value === null || typeof value !== "object") return value;
  if (!Array.isArray(value)) {
    const object = Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, dressed(each, template, random, density)]),
    );
    return random.chance(density / 3) ? choice(object, { Ref: "AWS::NoValue" }, template, random) : object;
  }
  const texts = value.every((each) => typeof each === "string");
  if (texts && random.chance(density)) {
    const joined = value.join(",");
    if (random.chance(0.5)) return { "Fn::Split": [",", text(joined, template, random, 1)] };
    const name = `List${Object.keys(template.Parameters).length}`;
    template.Parameters[name] = { Type: "CommaDelimitedList", Default: joined };
    return { Ref: name };
  }
  return value.map((each) => dressed(each, template, random, density));
}

function choice(taken: Json, other: Json, template: Template, random: Random): Json {
  return random.chance(0.7)
    ? { "Fn::If": [condition(template, random), taken, other] }
    : { "Fn::If": [condition(template, random, false), other, taken] };
}

/** Returns the name of a condition that the defaults decide. */
function condition(template: Template, random: Random, holds = true): string {
  const name = `Condition${Object.keys(template.Conditions).length}`;
  template.Parameters["Stage"] = { Type: "String", Default: "prod" };
  const equal: Json = { "Fn::Equals": [random.pick<Json>(["prod", { Ref: "Stage" }]), "prod"] };
  const different: Json = { "Fn::Equals": [{ Ref: "Stage" }, "test"] };
  const [yes, no]: [Json, Json] = random.chance(0.5)
    ? [equal, different]
    : [{ "Fn::And": [equal, { "Fn::Not": [different] }] }, { "Fn::Or": [different, { "Fn::Not": [equal] }] }];
  template.Conditions[name] = holds ? yes : no;
  return name;
}

/** Returns a function whose result is the text. */
function text(value: string, template: Template, random: Random, depth: number): Json {
  const inner = (): Json =>
    depth < 2 && random.chance(0.4) ? text(value, template, random, depth + 1) : value;
  switch (random.integer(8)) {
    case 0: {
      const name = `Text${Object.keys(template.Parameters).length}`;
      template.Parameters[name] = { Type: "String", Default: value };
      return { Ref: name };
    }
    case 1:
      return { "Fn::Sub": value };
    case 2:
      return { "Fn::Sub": ["${Value}", { Value: inner() }] };
    case 3: {
      const at = random.integer(value.length + 1);
      return { "Fn::Join": ["", [value.slice(0, at), value.slice(at)]] };
    }
    case 4:
      return { "Fn::Select": [random.pick<Json>([0, "0"]), [inner(), "other"]] };
    case 5:
      return { "Fn::Select": ["1", { "Fn::Split": ["|", `other|${value}`] }] };
    case 6: {
      const name = `Map${Object.keys(template.Mappings).length}`;
      template.Mappings[name] = { first: { second: value } };
      return { "Fn::FindInMap": [name, "first", "second"] };
    }
    default:
      return choice(inner(), "arn:aws:iam::111122223333:root", template, random);
  }
}
