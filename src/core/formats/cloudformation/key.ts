import { isUnknown } from "../../key-policy/pattern.ts";
import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, KeyProperties, Retention, Value } from "../../model/document.ts";
import { locationOf } from "../../model/node.ts";
import { entityOf, type Reader, referenceOf } from "./entity.ts";
import {
  booleanOf,
  numberOf,
  type Properties,
  propertiesOf,
  stringOf,
  tagList,
  textValue,
} from "./fields.ts";
import { surroundings } from "./pseudo.ts";
import { type Resource, type Run, valueOf } from "./run.ts";
import { join } from "./template.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
export const readKey: Reader = (run, resource) => {
  const properties = propertiesOf(run, resource);
  const settings = keySettings(properties);
  return { keys: [keyOf(run, resource, properties, "key", settings)] };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html */
export const readReplica: Reader = (run, resource) => {
  const properties = propertiesOf(run, resource);
  const settings: KeyProperties = { ...commonSettings(properties), bypassLockoutSafetyCheck: false };
  properties.defaults.push("bypassLockoutSafetyCheck");
  const primary = referenceOf(run, resource, properties, "primary", "PrimaryKeyArn");
  const key = keyOf(run, resource, properties, "replica", settings);
  return { keys: [primary ? { ...key, primary } : key] };
};

function keyOf(
  run: Run,
  resource: Resource,
  properties: Properties,
  kind: "key" | "replica",
  settings: KeyProperties,
): Key {
  const arn = resource.arn === undefined ? {} : { arn: resource.arn };
  const policy = normalizePolicy(properties.node("KeyPolicy"), { address: resource.id, ...arn });
  if (policy.location) properties.locations.policy = policy.location;
  else properties.defaults.push("policy");
  const retention = retentionOf(run, resource, properties);
  return {
    ...entityOf(run, resource, properties),
    kind,
    ...arn,
    ...surroundings(run),
    policy,
    retention,
    properties: settings,
  };
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html: without the
 * attributes the key is deleted. They take functions only under AWS::LanguageExtensions.
 */
function retentionOf(run: Run, resource: Resource, { locations, defaults }: Properties): Retention {
  const keeps = (attribute: string, words: string[]): Value<boolean> => {
    const raw = resource.raw[attribute];
    const node = raw === undefined ? undefined : valueOf(run, raw, join(resource.pointer, attribute));
    if (!node) return false;
    locations.retention ??= locationOf(node.at, resource.id);
    const value = stringOf(node);
    return isUnknown(value) ? value : words.includes(value);
  };
  const retention = {
    onDeletion: keeps("DeletionPolicy", ["Retain", "RetainExceptOnCreate"]),
    onReplacement: keeps("UpdateReplacePolicy", ["Retain"]),
  };
  if (!locations.retention) defaults.push("retention");
  return retention;
}

type Common = Omit<KeyProperties, "bypassLockoutSafetyCheck">;

const commonSettings = ({ read }: Properties): Common => ({
  enabled: read("enabled", "Enabled", booleanOf, true),
  deletionWindowDays: read("deletionWindowDays", "PendingWindowInDays", numberOf, null),
  description: read("description", "Description", textValue, null),
  tags: read("tags", "Tags", tagList, {}),
});

function keySettings(properties: Properties): KeyProperties {
  const { read, defaults } = properties;
  const spec = read("spec", "KeySpec", stringOf, "SYMMETRIC_DEFAULT");
  const usage = usageOf(properties, spec);
  const origin = read("origin", "Origin", stringOf, "AWS_KMS");
  if (defaults.includes("origin")) defaults.push("customKeyStore");
  // CloudFormation takes neither: it cannot make a key in a custom key store.
  defaults.push("customKeyStoreId", "xksKey");
  return {
    spec,
    ...(usage === undefined ? {} : { usage }),
    origin,
    customKeyStore: isUnknown(origin) ? origin : origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE",
    customKeyStoreId: null,
    xksKey: false,
    multiRegion: read("multiRegion", "MultiRegion", booleanOf, false),
    rotation: read("rotation", "EnableKeyRotation", booleanOf, false),
    rotationPeriodDays: read("rotationPeriodDays", "RotationPeriodInDays", numberOf, null),
    bypassLockoutSafetyCheck: read(
      "bypassLockoutSafetyCheck",
      "BypassPolicyLockoutSafetyCheck",
      booleanOf,
      false,
    ),
    ...commonSettings(properties),
  };
}

/** KeyUsage has a default only for symmetric encryption keys; for every other spec AWS demands it. */
function usageOf({ read, defaults }: Properties, spec: Value<string>): Value<string> | undefined {
  const given = read("usage", "KeyUsage", stringOf, undefined);
  if (given !== undefined) return given;
  if (spec === "SYMMETRIC_DEFAULT") return "ENCRYPT_DECRYPT";
  defaults.splice(defaults.indexOf("usage"), 1);
  return undefined;
}
