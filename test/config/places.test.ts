import assert from "node:assert/strict";
import { test } from "node:test";
import type { CheckInput } from "../../src/core/options.ts";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import { targetsByPath } from "../../src/session/config/index.ts";
import { load, repository } from "./support.ts";

const policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};
const template = (text: object) => ({
  Resources: { Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: text } } },
});
const input = (path: string, content: object): CheckInput => ({
  path,
  text: JSON.stringify(content),
  named: true,
});

test("each key has the account and Region of its path", () => {
  const { config } = load(
    repository({
      ".keywardenrc": {
        account: "111122223333",
        accounts: { prod: "444455556666" },
        regions: { prod: "eu-central-1" },
      },
    }),
  );
  const inputs = ["dev/policy.json", "prod/policy.json"].map((path) => input(path, policy));
  const templates = ["dev/a.json", "prod/a.json"].map((path) => input(path, template(policy)));
  const { document } = normalizeInputs([...inputs, ...templates], { targetOf: targetsByPath(config) });
  const owners = document.keys.map(({ location, owner }) => [location.file, owner]);
  assert.deepEqual(Object.fromEntries(owners), {
    "dev/policy.json": "111122223333",
    "prod/policy.json": "444455556666",
    "dev/a.json": "111122223333",
    "prod/a.json": "444455556666",
  });
  const region = (file: string) => document.keys.find(({ location }) => location.file === file)?.region;
  assert.equal(region("prod/a.json"), "eu-central-1");
  assert.notEqual(region("dev/a.json"), "eu-central-1");
});
