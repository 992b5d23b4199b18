import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../src/core/model/source.ts";
import { describedBy, evaluated, readText } from "./cloudformation-support.ts";

const sections: { [name: string]: Json } = {
  Parameters: {
    Name: { Type: "String", Default: "orders" },
    Days: { Type: "Number", Default: 7 },
    Names: { Type: "CommaDelimitedList", Default: "a, b ,c" },
    Open: { Type: "String" },
    OpenList: { Type: "CommaDelimitedList" },
    Stored: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/path/to/name" },
    StoredName: { Type: "AWS::SSM::Parameter::Name", Default: "/path/to/name" },
  },
  Mappings: { Stages: { prod: { word: "production", list: ["x", "y"] } } },
  Conditions: {
    Yes: { "Fn::Equals": ["1", 1] },
    No: { "Fn::Not": [{ Condition: "Yes" }] },
    Both: { "Fn::And": [{ Condition: "Yes" }, { Condition: "No" }] },
    Any: { "Fn::Or": [{ Condition: "No" }, { "Fn::Equals": [{ Ref: "Name" }, "orders"] }] },
  },
  Resources: {
    Role: { Type: "AWS::IAM::Role" },
    Topic: { Type: "AWS::SNS::Topic" },
    Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/orders", TargetKeyId: "x" } },
  },
};

const cases: [string, Json, string][] = [
  ["a string", "plain", "plain"],
  ["Ref of a default", { Ref: "Name" }, "orders"],
  ["a number as a string", { Ref: "Days" }, "7"],
  ["Ref without default", { Ref: "Open" }, "⟨Open⟩"],
  ["the default of an SSM parameter type is a name", { Ref: "Stored" }, "⟨Stored⟩"],
  ["a parameter that contains an SSM parameter name", { Ref: "StoredName" }, "/path/to/name"],
  ["a pseudo parameter", { Ref: "AWS::StackName" }, "⟨AWS::StackName⟩"],
  ["no value", { Ref: "AWS::NoValue" }, "(none)"],
  ["Ref of a resource", { Ref: "Role" }, "⟨Role⟩"],
  ["Ref of an alias is its name", { Ref: "Alias" }, "alias/orders"],
  ["GetAtt", { "Fn::GetAtt": ["Role", "Arn"] }, "⟨Role.Arn⟩"],
  ["GetAtt as a single string", { "Fn::GetAtt": "Role.Arn" }, "⟨Role.Arn⟩"],
  ["Sub", { "Fn::Sub": "${Name}-${AWS::Region}" }, "orders-⟨AWS::Region⟩"],
  ["Sub of an attribute", { "Fn::Sub": "to ${Role.Arn}" }, "to ⟨Role.Arn⟩"],
  ["Sub keeps a literal", { "Fn::Sub": "${!aws:username} of ${Name}" }, "${aws:username} of orders"],
  ["Sub with a map of variables", { "Fn::Sub": ["${Own}/${Name}", { Own: { Ref: "Days" } }] }, "7/orders"],
  ["a string without Sub is unchanged", "${Name}", "${Name}"],
  ["Join", { "Fn::Join": ["-", ["a", { Ref: "Open" }, { Ref: "AWS::NoValue" }, "b"]] }, "a-⟨Open⟩-b"],
  ["Join of a list parameter", { "Fn::Join": ["", { Ref: "Names" }] }, "abc"],
  ["Join of an unknown list", { "Fn::Join": [",", { Ref: "OpenList" }] }, "⟨Fn::Join , OpenList⟩"],
  ["Select", { "Fn::Select": ["1", ["a", "b"]] }, "b"],
  ["Select of a parameter", { "Fn::Select": [2, { Ref: "Names" }] }, "c"],
  ["Split", { "Fn::Select": [1, { "Fn::Split": ["/", "a/b/c"] }] }, "b"],
  [
    "Split around an unknown part",
    { "Fn::Select": [1, { "Fn::Split": ["/", { "Fn::Sub": "a/x-${Open}/c" }] }] },
    "x-⟨Open⟩",
  ],
  [
    "Split of an unknown",
    { "Fn::Select": [0, { "Fn::Split": [",", { Ref: "Open" }] }] },
    "⟨Fn::Select 0 Fn::Split , Open⟩",
  ],
  ["FindInMap", { "Fn::FindInMap": ["Stages", "prod", "word"] }, "production"],
  ["FindInMap of a list", { "Fn::Select": [1, { "Fn::FindInMap": ["Stages", "prod", "list"] }] }, "y"],
  [
    "FindInMap with a default",
    { "Fn::FindInMap": ["Stages", "dev", "word", { DefaultValue: "other" }] },
    "other",
  ],
  ["If", { "Fn::If": ["Yes", "a", "b"] }, "a"],
  ["If not", { "Fn::If": ["No", "a", "b"] }, "b"],
  ["If of And", { "Fn::If": ["Both", "a", "b"] }, "b"],
  ["If of Or", { "Fn::If": ["Any", "a", "b"] }, "a"],
  ["If with no value", { "Fn::If": ["No", "a", { Ref: "AWS::NoValue" }] }, "(none)"],
  ["Base64", { "Fn::Base64": { Ref: "Name" } }, "b3JkZXJz"],
  ["Length", { "Fn::Length": { Ref: "Names" } }, "3"],
  [
    "ToJsonString",
    { "Fn::ToJsonString": { a: [1, true], b: { Ref: "Open" } } },
    '{"a":[1,true],"b":"⟨Open⟩"}',
  ],
  [
    "Cidr",
    { "Fn::Select": [0, { "Fn::Cidr": ["10.0.0.0/16", 2, 8] }] },
    "⟨Fn::Select 0 Fn::Cidr 10.0.0.0/16 2 8⟩",
  ],
  ["GetAZs", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }, '⟨Fn::Select 0 Fn::GetAZs ""⟩'],
  ["ImportValue", { "Fn::ImportValue": "shared-key" }, "⟨Fn::ImportValue shared-key⟩"],
  ["Transform", { "Fn::Transform": { Name: "AWS::Include" } }, "⟨Fn::Transform AWS::Include⟩"],
  ["an unsupported function", { "Fn::Later": "x" }, "⟨Fn::Later x⟩"],
  ["a dynamic reference", "{{resolve:ssm:/a/b}}", "⟨{{resolve:ssm:/a/b}}⟩"],
  ["a dynamic reference in a string", "key of {{resolve:ssm:/a}}!", "key of ⟨{{resolve:ssm:/a}}⟩!"],
  [
    "a joined dynamic reference",
    { "Fn::Join": ["", ["{{resolve:ssm:/", { Ref: "Open" }, "}}"]] },
    "⟨{{resolve:ssm:/⟨Open⟩}}⟩",
  ],
  ["a placeholder of another tool", "key of {{ team }}", "key of ⟨{{ team }}⟩"],
  ["a variable of the Serverless Framework", "key of ${self:custom.team}", "key of ⟨self:custom.team⟩"],
  [
    "nested variables of the Serverless Framework",
    "${self:custom.${opt:stage}.team}",
    "⟨self:custom.${opt:stage}.team⟩",
  ],
  [
    "such a variable in Fn::Sub",
    { "Fn::Sub": "${self:custom.${opt:stage}} ${X}" },
    "⟨self:custom.${opt:stage}⟩ ⟨X⟩",
  ],
  ["the account of the Serverless Framework", "key of ${aws:accountId}", "key of ⟨aws:accountId⟩"],
  ["an environment variable", "key of $TEAM_NAME and ${TEAM_NAME}", "key of ⟨TEAM_NAME⟩ and ⟨TEAM_NAME⟩"],
  ["a template tag", "key of <%= team %>", "key of ⟨team⟩"],
  ["a token", "key of @@TEAM@@", "key of ⟨TEAM⟩"],
  ["a directive", "key of %{team}", "key of ⟨team⟩"],
  ["a policy variable", "key of ${aws:PrincipalTag/team}", "key of ${aws:PrincipalTag/team}"],
  ["a reference without Fn::Sub", "key of ${Team}", "key of ${Team}"],
];

for (const [name, expression, expected] of cases)
  test(`functions: ${name}`, () => assert.deepEqual(evaluated(expression, sections), [expected]));

test("the Region option determines the partition and the URL suffix", () => {
  const text = { "Fn::Sub": "${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix}" };
  assert.deepEqual(evaluated(text, {}, { region: "cn-north-1" }), ["cn-north-1 aws-cn amazonaws.com.cn"]);
  assert.deepEqual(evaluated(text, {}, { region: "us-gov-west-1" }), [
    "us-gov-west-1 aws-us-gov amazonaws.com",
  ]);
});

const misuses: [string, Json, RegExp][] = [
  ["GetAtt without attribute", { "Fn::GetAtt": "Role" }, /Fn::GetAtt requires a resource and one/],
  ["a mapping that does not exist", { "Fn::FindInMap": ["Nope", "a", "b"] }, /Mapping Nope does not exist/],
  [
    "a key that is not there",
    { "Fn::FindInMap": ["Stages", "dev", "word"] },
    /Mapping Stages has no key "dev"/,
  ],
  ["If with one branch", { "Fn::If": ["Yes", "a"] }, /Fn::If requires a condition and two values/],
  ["Join of a string", { "Fn::Join": ["-", "a"] }, /Fn::Join requires/],
  ["Join without list", { "Fn::Join": "a" }, /Fn::Join requires/],
  ["Select beyond the end", { "Fn::Select": [5, ["a"]] }, /Fn::Select requires an index within the list/],
  ["Split by an empty string", { "Fn::Split": ["", "a"] }, /Fn::Split requires a delimiter/],
  ["Sub of a list", { "Fn::Sub": ["a", "b", "c"] }, /Fn::Sub requires a string/],
  ["Ref of a list", { Ref: ["a"] }, /Ref requires the name/],
  [
    "a function beside other keys",
    { "Fn::If": ["Yes", "a", "b"], Other: 1 },
    /Fn::If is not the only key of its object/,
  ],
];

for (const [name, expression, expected] of misuses)
  test(`invalid arguments: ${name}`, () => {
    const part = readText(describedBy(expression, sections));
    assert.equal(part.problems.length, 1);
    assert.match(part.problems[0]?.message ?? "", expected);
    assert.equal(part.problems[0]?.line, 1);
    assert.notEqual(part.problems[0]?.remedy, "");
    assert.equal(new Set(part.keys.map((key) => key.resource)).size, 1, "the key is read all the same");
  });

const elsewhere: [string, Json][] = [
  ["Ref", { Ref: "Nothing" }],
  ["Sub", { "Fn::Sub": "a ${Nothing}" }],
  ["GetAtt", { "Fn::GetAtt": ["Nothing", "Arn"] }],
  ["If", { "Fn::If": ["Nope", "a", "b"] }],
];

for (const [name, expression] of elsewhere)
  test(`a name may be defined in another part of the template that is merged later: ${name}`, () => {
    const part = readText(describedBy(expression, sections));
    assert.deepEqual(part.problems, []);
    const [description] = part.keys.map((key) => key.properties?.description);
    assert.ok(part.keys.length === 2 || (typeof description === "object" && description !== null));
  });
