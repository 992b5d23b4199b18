import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { UnseenPart } from "../src/core/model/source.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

// Parts that Keywarden cannot judge are named. Each case lists its files and the kinds and subjects of the parts.

const bundle = new URL("../bundles/terraform.wasm", import.meta.url);
const terraform = loadTerraform(() => readFileSync(bundle));

const unseenIn = (files: { [path: string]: string }): UnseenPart[] => {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { document, problems } = normalizeInputs(sources, { terraform });
  assert.deepEqual(problems, []);
  return document.unseen ?? [];
};

const root = `{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" }`;
const source = (statement: string, more = "") => ({
  "main.tf": `
variable "x" {}
${more}
resource "aws_kms_key" "orders" {
  policy = jsonencode({ Version = "2012-10-17", Statement = ${statement} })
}`,
});
const document = (argument: string) => ({
  "main.tf": `
variable "x" {}
data "aws_iam_policy_document" "key" {
  ${argument}
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}
resource "aws_kms_key" "orders" {
  policy = data.aws_iam_policy_document.key.json
}`,
});

const change = (address: string) => {
  const [type, name] = address.split(".");
  const change = { actions: ["create"], before: null, after: {}, after_unknown: {} };
  return { address, mode: "managed", type, name, change };
};
const plan = (more: object) => ({
  "plan.json": JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [change("aws_kms_key.orders")],
    ...more,
  }),
});
const deferred = (...addresses: string[]) => ({
  complete: false,
  deferred_changes: addresses.map((address) => ({
    reason: "instance_count_unknown",
    resource_change: change(address),
  })),
});

const unit = `terraform {
  source = "tfr:///terraform-aws-modules/kms/aws?version=3.1.0"
}`;

const cases: [name: string, files: { [path: string]: string }, expected: string[]][] = [
  ["a list of statements without a value", source(`concat([${root}], var.x)`), ["statement var.x"]],
  ["a single statement without a value", source(`[${root}, var.x]`), ["statement var.x"]],
  ["statements in a nested list", source(`flatten([[${root}], var.x.list])`), ["statement var.x.list"]],
  [
    "statements from an unknown function",
    source(`concat([${root}], provider::acme::all())`),
    ["statement provider::acme::all()"],
  ],
  [
    "statements from a missing module",
    source(`concat([${root}], module.m.list)`, `module "m" { source = "acme/keys/aws" }`),
    ["module acme/keys/aws", "statement module.m.list"],
  ],
  ["a list that is known to be empty", source(`concat([${root}], [])`), []],
  ["a merged document without a value", document("source_policy_documents = [var.x]"), ["statement var.x"]],
  ["a list of merged documents", document("override_policy_documents = var.x"), ["statement var.x"]],
  ["a document without unknown parts", document("source_policy_documents = []"), []],
  ["a module of another provider", { "main.tf": `module "m" { source = "acme/label/null" }` }, []],
  [
    "a module in Git",
    { "main.tf": `module "m" { source = "git::ssh://git@example.com/m" }` },
    ["module git::ssh://git@example.com/m"],
  ],
  ["a deferred key", plan(deferred("aws_kms_key.late")), ["deferred-change aws_kms_key.late"]],
  ["a deferred resource that is not about KMS", plan(deferred("aws_vpc.main")), []],
  ["a targeted plan", plan({ complete: false }), ["deferred-change complete"]],
  ["a complete plan", plan({ complete: true }), []],
  ["a Terragrunt unit", { "prod/kms/terragrunt.hcl": unit }, ["terragrunt-unit prod/kms/terragrunt.hcl"]],
  [
    "a Terragrunt unit whose parent names the module",
    { "a/terragrunt.hcl": `include "root" {\n  path = find_in_parent_folders()\n}` },
    ["terragrunt-unit a/terragrunt.hcl"],
  ],
  [
    "a Terragrunt stack",
    { "terragrunt.stack.hcl": `unit "kms" {\n  source = "./kms"\n  path = "kms"\n}` },
    ["terragrunt-unit terragrunt.stack.hcl"],
  ],
  ["a root configuration of Terragrunt", { "terragrunt.hcl": `remote_state {\n  backend = "s3"\n}` }, []],
  [
    "a Terraform stack",
    { "keys.tfcomponent.hcl": `component "keys" {\n  source = "./keys"\n}` },
    ["file keys.tfcomponent.hcl"],
  ],
  [
    "a deployment of a Terraform stack",
    { "a/prod.tfdeploy.hcl": `deployment "prod" {\n  inputs = {}\n}` },
    ["file a/prod.tfdeploy.hcl"],
  ],
];
for (const [name, files, expected] of cases)
  test(name, () => {
    const parts = unseenIn(files);
    assert.deepEqual(parts.map(({ kind, subject }) => `${kind} ${subject}`).sort(), expected);
    for (const { message, remedy, line } of parts) {
      assert.match(message, /^Keywarden .*\.$/);
      assert.match(remedy, /\.$/);
      assert.ok(line !== undefined && line >= 1);
    }
  });
