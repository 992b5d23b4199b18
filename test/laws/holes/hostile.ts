/** Files that are hard to read, and files of other tools. */
import { readdirSync, readFileSync } from "node:fs";
import type { Random } from "../random.ts";
import type { Files } from "./policy.ts";

const formats = new URL("../../formats/", import.meta.url);
const corpus = readdirSync(formats, { recursive: true, encoding: "utf8" })
  .filter((path) => /\/input\.(?:json|ya?ml)$|\.tf$/.test(path))
  .sort();

const nest = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

const written: readonly Files[] = [
  { "empty.json": "" },
  { "null.json": "null" },
  { "number.json": "12e999999" },
  { "kms.json": '"kms:Decrypt"' },
  { "deep.json": `{"Statement":${nest("[", "]", 5000)},"kms":"kms:*"}` },
  { "deep.yaml": `kms: ${nest("[", "]", 3000)}` },
  {
    "bomb.yaml": `a: &a [kms, kms]\n${[..."bcdefghi"].map((name, i) => `${name}: &${name} [${`*${"abcdefgh"[i]},`.repeat(9)}]`).join("\n")}\n`,
  },
  { "cycle.yaml": "AWS::KMS::Key: &a\n  b: *a\n" },
  { "merge.yaml": "x: &x { <<: *x }\nkms: AWS::KMS::Key\n" },
  {
    "proto.json":
      '{"__proto__":{"Statement":[]},"constructor":{"prototype":{"x":"kms:*"}},"Resources":{"__proto__":{"Type":"AWS::KMS::Key"}}}',
  },
  {
    "proto.yaml":
      "__proto__:\n  Type: AWS::KMS::Key\nResources:\n  constructor:\n    Type: AWS::KMS::Key\n  toString: { Type: AWS::KMS::Alias }\n",
  },
  {
    "surrogate.json":
      '{"Statement":{"Effect":"Allow","Principal":"\\ud800","Action":"kms:*","Resource":"*"}}',
  },
  { "nul.yaml": "Resources:\n  Key:\n    Type: AWS::KMS::Key\u0000\n" },
  { "latin.json": '{"Description":"\uFFFD\uFFFD","Type":"AWS::KMS::Key"' },
  {
    "references.json":
      '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"KeyPolicy":{"Fn::GetAtt":["Key","Arn"]}}},"A":{"Fn::Sub":"${Key}"}}}',
  },
  {
    "conditions.json":
      '{"Conditions":{"A":{"Condition":"B"},"B":{"Condition":"A"}},"Resources":{"Key":{"Type":"AWS::KMS::Key","Condition":"A","Properties":{"KeyPolicy":{"Fn::If":["A",{},{}]}}}}}',
  },
  { "resources.json": '{"Resources":{"Key":null,"Alias":[],"Other":"AWS::KMS::Key"}}' },
  { "loop/main.tf": 'module "a" {\n  source = "./"\n}\nresource "aws_kms_key" "this" {}\n' },
  {
    "locals/main.tf":
      'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_kms_key" "this" {\n  policy = local.a\n}\n',
  },
  { "broken/main.tf": 'resource "aws_kms_key" "this" {\n  policy = jsonencode({\n' },
  { "count/main.tf": 'resource "aws_kms_key" "this" {\n  count = 2000\n}\n' },
  { "binary/main.tf": "\u0000\u0001\uFFFD aws_kms_key" },
  {
    "plan.json":
      '{"format_version":"1.2","resource_changes":[{"address":"aws_kms_key.this"},null,{"type":"aws_kms_key","change":null}]}',
  },
  { "other-plan.json": '{"format_version":"99.0","resource_changes":"aws_kms_key"}' },
  {
    "list.yaml":
      "apiVersion: v1\nkind: List\nitems: [null, 1, { apiVersion: kms.services.k8s.aws/v1alpha1, kind: Key, spec: null }]\n",
  },
  { "docs.yaml": "---\n---\n...\n--- kms\n" },
  { "tags.yaml": "Resources: !Transform { Name: kms, Parameters: !Ref [] }\nKey: !GetAtt\n" },
  { "ignore.yaml": "# keywarden:ignore public_access because of a test\nResources: {}\n# AWS::KMS::Key\n" },
];

/** Returns files in a directory of their own. */
export function hostile(random: Random): Files {
  if (random.chance(0.6)) return random.pick(written);
  const path = random.pick(corpus);
  return {
    [path.replaceAll("/", "-").replace(/-([^-]*)\.tf$/, "/$1.tf")]: readFileSync(
      new URL(path, formats),
      "utf8",
    ),
  };
}
