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
    name: "what another stack exports by Fn::GetAtt is its key",
    sources: [exported("orders:key"), importing("orders:key")],
    keys: ["export.json#Key"],
  },
  {
    name: "so is what it exports by Ref, whatever the order of the files",
    sources: [importing("orders:key"), exported("orders:key", { Ref: "Key" })],
    keys: ["export.json#Key"],
  },
  {
    name: "another name is not known",
    sources: [exported("orders:key"), importing("payments:key")],
    keys: [],
  },
  {
    name: "a name that hangs on the deployment is not known",
    sources: [exported({ "Fn::Sub": "${AWS::StackName}-key" }), importing("orders-key")],
    keys: [],
  },
  {
    name: "an output that is not exported is not there to be imported",
    sources: [exporting("export.json", { "orders:key": { Value: { Ref: "Key" } } }), importing("orders:key")],
    keys: [],
  },
  {
    name: "what is exported may be no key",
    sources: [exported("orders:key", { Ref: "Topic" }), importing("orders:key")],
    keys: [],
  },
  {
    name: "of two stacks that export one name, which is meant is not known",
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

test("an imported key is tied to in all its variants", () => {
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
