/** Writes the hole as a standalone policy, in a Terraform plan, and in Kubernetes resources. */
import type { Random } from "../random.ts";
import { writeJson } from "./json.ts";
import { type Files, holePolicy, type Json, type JsonObject } from "./policy.ts";
import { writeEither } from "./yaml.ts";

export function standalone(random: Random): Files {
  const policy = holePolicy(random);
  const text = writeJson(policy, random);
  const value = random.pick<Json>([
    policy,
    policy,
    policy,
    text,
    { Policy: text },
    { Policy: text, PolicyName: "default" },
  ]);
  return { "policy.json": writeJson(value, random) };
}

export function plan(random: Random): Files {
  const policy = writeJson(holePolicy(random), random);
  const [type, property] = random.pick([
    ["aws_kms_key", "policy"],
    ["aws_kms_key", "policy"],
    ["aws_kms_external_key", "policy"],
    ["aws_kms_replica_key", "policy"],
    ["aws_kms_key_policy", "policy"],
    ["awscc_kms_key", "key_policy"],
  ] as const);
  const module = random.chance(0.3) ? "module.keys." : "";
  const resource: JsonObject = {
    address: `${module}${type}.this`,
    ...(module === "" ? {} : { module_address: "module.keys" }),
    mode: "managed",
    type,
    name: "this",
    provider_name: `registry.terraform.io/hashicorp/${type.split("_")[0]}`,
    change: {
      actions: random.pick<string[]>([["create"], ["update"], ["delete", "create"], ["no-op"]]),
      before: null,
      after: {
        description: "Encrypts the order archive",
        enable_key_rotation: true,
        key_id: "1234abcd-12ab-34cd-56ef-1234567890ab",
        [property]: policy,
      },
      after_unknown: { arn: true, id: true },
      before_sensitive: false,
      after_sensitive: {},
    },
  };
  return {
    "plan.json": writeJson(
      { format_version: "1.2", terraform_version: "1.11.4", resource_changes: [resource] },
      random,
    ),
  };
}

export function kubernetes(random: Random): Files {
  const policy = writeJson(holePolicy(random), random);
  const metadata = { name: "orders" };
  const key = random.pick<JsonObject>([
    {
      apiVersion: "kms.services.k8s.aws/v1alpha1",
      kind: "Key",
      metadata,
      spec: { enableKeyRotation: true, policy },
    },
    {
      apiVersion: "kms.aws.upbound.io/v1beta1",
      kind: "Key",
      metadata,
      spec: { forProvider: { region: "eu-west-1", enableKeyRotation: true, policy } },
    },
    {
      apiVersion: "kms.aws.m.upbound.io/v1beta1",
      kind: "Key",
      metadata,
      spec: { forProvider: { region: "eu-west-1", enableKeyRotation: true, policy } },
    },
  ]);
  const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" }, data: { a: "b" } };
  switch (random.integer(4)) {
    case 0:
      return { "list.yaml": writeEither({ apiVersion: "v1", kind: "List", items: [other, key] }, random) };
    case 1:
      return { "all.yaml": `${writeJson(other, random).trim()}\n---\n${writeJson(key, random).trim()}\n` };
    default:
      return { "key.yaml": writeEither(key, random) };
  }
}
