import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeInputs } from "../src/core/pipeline.ts";

interface Outputs {
  [name: string]: { Value: object | string; Export?: { Name: object | string } };
}

const key = { Type: "AWS::KMS::Key", Properties: {} };
const exporting = (path: string, Outputs: Outputs) => ({
  path,
  text: JSON.stringify({ Resources: { Key: key, Topic: { Type: "AWS::SNS::Topic" } }, Outputs }),
});
const importing = (name: object | string) => ({
  path: "import.json",
  text: JSON.stringify({
    Resources: {
      Alias: {
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: "alias/orders", TargetKeyId: { "Fn::ImportValue": name } },
      },
    },
  }),
});
const exported = (Name: object | string, Value: object | string = { "Fn::GetAtt": ["Key", "Arn"] }) =>
  exporting("export.json", { Out: { Value, Export: { Name } } });

const cases: { name: string; sources: { path: string; text: string }[]; keys: string[] }[] = [
  {
    name: "a key that another stack exports with Fn::GetAtt",
    sources: [exported("orders:key"), importing("orders:key")],
    keys: ["export.json#Key"],
  },
  {
    name: "a key that another stack exports with Ref, in any order of the files",
    sources: [importing("orders:key"), exported("orders:key", { Ref: "Key" })],
    keys: ["export.json#Key"],
  },
  {
    name: "a name that no stack exports is unknown",
    sources: [exported("orders:key"), importing("payments:key")],
    keys: [],
  },
  {
    name: "a name that depends on the deployment is unknown",
    sources: [exported({ "Fn::Sub": "${AWS::StackName}-key" }), importing("orders-key")],
    keys: [],
  },
  {
    name: "an output without Export cannot be imported",
    sources: [exporting("export.json", { "orders:key": { Value: { Ref: "Key" } } }), importing("orders:key")],
    keys: [],
  },
  {
    name: "an export that is not a key",
    sources: [exported("orders:key", { Ref: "Topic" }), importing("orders:key")],
    keys: [],
  },
  {
    name: "an export name of two stacks is ambiguous",
    sources: [
      exported("orders:key"),
      { ...exported("orders:key"), path: "other.json" },
      importing("orders:key"),
    ],
    keys: [],
  },
];

for (const { name, sources, keys } of cases)
  test(name, () => {
    const [alias] = normalizeInputs(sources).document.aliases;
    assert.deepEqual(alias?.target.keys, keys);
  });

test("an imported key is linked in all its variants", () => {
  const text = JSON.stringify({
    Parameters: { Rotated: { Type: "String", AllowedValues: ["true", "false"] } },
    Conditions: { IsRotated: { "Fn::Equals": [{ Ref: "Rotated" }, "true"] } },
    Resources: {
      Key: { ...key, Properties: { EnableKeyRotation: { "Fn::If": ["IsRotated", true, false] } } },
    },
    Outputs: { Out: { Value: { "Fn::GetAtt": "Key.Arn" }, Export: { Name: "orders:key" } } },
  });
  const { document } = normalizeInputs([{ path: "export.json", text }, importing("orders:key")]);
  assert.equal(document.keys.length, 2);
  assert.deepEqual(
    document.aliases[0]?.target.keys,
    document.keys.map(({ id }) => id),
  );
});
