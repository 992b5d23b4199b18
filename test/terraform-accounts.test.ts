import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import { checkInputs } from "../src/core/pipeline.ts";

/*
 * Root modules in which the provider of the key determines whose root principal must have access to it. The providers of
 * the key and of the caller identity can work in different accounts.
 */

const engine = loadEngine(
  readFileSync("bundles/policy.wasm"),
  JSON.parse(readFileSync("bundles/rules.json", "utf8")),
);
const terraform = loadTerraform(() => readFileSync("bundles/terraform.wasm"));

const role = (account: string) => `assume_role {
    role_arn = "arn:aws:iam::${account}:role/deploy"
  }`;
const caller = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root";
const literal = "arn:aws:iam::111122223333:root";

/** Returns the verdict of a rule for a key of provider aws.vault; undefined for a pass. */
function verdictOf(
  wanted: string,
  defaultProvider: string,
  vault: string,
  principal: string,
): string | undefined {
  const text = `
variable "role" {}
provider "aws" {
  region = "eu-west-1"
  ${defaultProvider}
}
provider "aws" {
  alias  = "vault"
  region = "eu-central-1"
  ${vault}
}
data "aws_caller_identity" "current" {}
data "aws_iam_session_context" "caller" {
  arn = data.aws_caller_identity.current.arn
}
data "aws_iam_roles" "readers" {
  path_prefix = "/aws-reserved/sso.amazonaws.com/"
}
resource "aws_kms_key" "orders" {
  provider = aws.vault
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Principal = { AWS = "${principal}" }, Action = "kms:*", Resource = "*" }
  })
}`;
  const { findings } = checkInputs([{ path: "main.tf", text }], { engine, terraform });
  return findings.find(({ rule }) => rule === wanted)?.verdict;
}

const cases: [name: string, defaultProvider: string, vault: string, principal: string, string | undefined][] =
  [
    ["the same credentials in another Region", "", "", caller, undefined],
    ["two roles of one account", role("111122223333"), role("111122223333"), caller, undefined],
    ["roles of two accounts", role("111122223333"), role("444455556666"), caller, "fail"],
    [
      "accounts that two providers allow",
      'allowed_account_ids = ["111122223333"]\n profile = "a"',
      'allowed_account_ids = ["444455556666"]\n profile = "b"',
      caller,
      "fail",
    ],
    [
      "the account of a role whose name is unknown",
      role("111122223333"),
      'assume_role {\n role_arn = "arn:aws:iam::444455556666:role/${var.role}"\n }',
      caller,
      "fail",
    ],
    ["a role, and credentials of an unknown account", "", role("444455556666"), caller, "unknown"],
    ["an unknown role", role("111122223333"), "assume_role {\n role_arn = var.role\n }", caller, "unknown"],
    ["two profiles", 'profile = "a"', 'profile = "b"', caller, "unknown"],
    ["the account ID of the provider", "", role("111122223333"), literal, undefined],
    ["an account ID of another account", "", role("444455556666"), literal, "fail"],
    ["the caller, which is never the root", "", "", "${data.aws_caller_identity.current.arn}", "fail"],
    ["the role of the caller", "", "", "${data.aws_iam_session_context.caller.issuer_arn}", "fail"],
  ];
describe("the account of a provider", () => {
  for (const [name, defaultProvider, vault, principal, expected] of cases)
    it(`${name}: ${expected ?? "pass"}`, () =>
      deepEqual(verdictOf("root_access_missing", defaultProvider, vault, principal), expected));
});

/** Elements that functions select from a list of role ARNs are role ARNs. */
const selections: [principal: string, string | undefined][] = [
  ["${data.aws_iam_roles.readers.arns[0]}", undefined],
  ["${one(data.aws_iam_roles.readers.arns)}", undefined],
  ["${element(sort(data.aws_iam_roles.readers.arns), 0)}", undefined],
  ["${tolist(data.aws_iam_roles.readers.arns)[0]}", undefined],
  ['${coalesce(one(data.aws_iam_roles.readers.arns), "*")}', "unknown"],
  ['${coalesce(sort(data.aws_iam_roles.readers.arns)[0], "*")}', "unknown"],
  ['${try(tolist(data.aws_iam_roles.readers.arns)[0], "*")}', "unknown"],
  ['${try(one(data.aws_iam_roles.readers.arns), "*")}', "unknown"],
  ["${data.aws_ssm_parameter.reader.value}", "unknown"],
];
describe("an element of a list of roles", () => {
  for (const [principal, expected] of selections)
    it(`${principal} is ${expected === undefined ? "not everyone" : "unknown"}`, () =>
      deepEqual(verdictOf("public_access", "", "", principal), expected));
});
