import { isUnknown } from "../../key-policy/pattern.ts";
import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, KeyProperties, Retention, Value } from "../../model/document.ts";
import { locationOf } from "../../model/node.ts";
import { spendPolicy } from "../../parse/budget.ts";
import { type EvaluationContext, evaluateValue, type TemplateResource } from "./context.ts";
import { type EntityReader, propertyReference, resourceEntity } from "./entity.ts";
import {
  booleanOf,
  numberOf,
  type Properties,
  parseTagList,
  propertiesOf,
  stringOf,
  stringOrPartial,
} from "./fields.ts";
import { deploymentTarget } from "./pseudo.ts";
import { recordStatement } from "./statements.ts";
import { joinPointer } from "./template.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
export const readKey: EntityReader = (context, resource) => {
  const properties = propertiesOf(context, resource);
  const normalized = keyProperties(properties);
  return { keys: [keyEntity(context, resource, properties, "key", normalized)] };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html */
export const readReplica: EntityReader = (context, resource) => {
  const properties = propertiesOf(context, resource);
  const normalized: KeyProperties = { ...commonProperties(properties), bypassLockoutSafetyCheck: false };
  properties.defaults.push("bypassLockoutSafetyCheck");
  const primary = propertyReference(context, resource, properties, "primary", "PrimaryKeyArn");
  const key = keyEntity(context, resource, properties, "replica", normalized);
  return { keys: [primary ? { ...key, primary } : key] };
};

function keyEntity(
  context: EvaluationContext,
  resource: TemplateResource,
  properties: Properties,
  kind: "key" | "replica",
  normalized: KeyProperties,
): Key {
  const arn = resource.arn === undefined ? {} : { arn: resource.arn };
  const policy = normalizePolicy(properties.node("KeyPolicy"), {
    address: resource.id,
    ...arn,
    onUnknownStatement: (statement) => recordStatement(context, resource, statement),
  });
  spendPolicy(context.template.parsed, resource.pointer, policy);
  if (policy.location) properties.locations.policy = policy.location;
  else properties.defaults.push("policy");
  const retention = retentionOf(context, resource, properties);
  return {
    ...resourceEntity(context, resource, properties),
    kind,
    ...arn,
    ...deploymentTarget(context),
    policy,
    retention,
    properties: normalized,
  };
}

/**
 * Returns whether CloudFormation retains the key. Without the attributes, it deletes the key. The attributes may contain
 * functions only with AWS::LanguageExtensions.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function retentionOf(
  context: EvaluationContext,
  resource: TemplateResource,
  { locations, defaults }: Properties,
): Retention {
  const retains = (attribute: string, retainValues: string[]): Value<boolean> => {
    const raw = resource.raw[attribute];
    const node =
      raw === undefined ? undefined : evaluateValue(context, raw, joinPointer(resource.pointer, attribute));
    if (!node) return false;
    locations.retention ??= locationOf(node.at, resource.id);
    const value = stringOf(node);
    return isUnknown(value) ? value : retainValues.includes(value);
  };
  const retention = {
    onDeletion: retains("DeletionPolicy", ["Retain", "RetainExceptOnCreate"]),
    onReplacement: retains("UpdateReplacePolicy", ["Retain"]),
  };
  if (!locations.retention) defaults.push("retention");
  return retention;
}

type CommonProperties = Omit<KeyProperties, "bypassLockoutSafetyCheck">;

const commonProperties = ({ read }: Properties): CommonProperties => ({
  enabled: read("enabled", "Enabled", booleanOf, true),
  deletionWindowDays: read("deletionWindowDays", "PendingWindowInDays", numberOf, null),
  description: read("description", "Description", stringOrPartial, null),
  tags: read("tags", "Tags", parseTagList, {}),
});

function keyProperties(properties: Properties): KeyProperties {
  const { read, defaults } = properties;
  const spec = read("spec", "KeySpec", stringOf, "SYMMETRIC_DEFAULT");
  const usage = usageOf(properties, spec);
  const origin = read("origin", "Origin", stringOf, "AWS_KMS");
  if (defaults.includes("origin")) defaults.push("customKeyStore");
  // CloudFormation supports neither: it cannot create a key in a custom key store.
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
    ...commonProperties(properties),
  };
}

/** KeyUsage has a default only for symmetric encryption keys. AWS requires it for every other spec. */
function usageOf({ read, defaults }: Properties, spec: Value<string>): Value<string> | undefined {
  const usage = read("usage", "KeyUsage", stringOf, undefined);
  if (usage !== undefined) return usage;
  if (spec === "SYMMETRIC_DEFAULT") return "ENCRYPT_DECRYPT";
  defaults.splice(defaults.indexOf("usage"), 1);
  return undefined;
}
