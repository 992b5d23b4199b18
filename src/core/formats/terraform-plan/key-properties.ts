import type { Change, KeyProperties, Value } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import type { FieldReader } from "./entity.ts";
import { anyTrue, type JsonObject, jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import type { KeyType } from "./resource-types.ts";
import { tagsFromPlan } from "./tags.ts";
import { originOf } from "./unknown-values.ts";
import {
  booleanValue,
  numberValue,
  partialStringValue,
  stringValue,
  unknownBecause,
  unknownFrom,
} from "./values.ts";

/**
 * Returns the properties of a key. The default usage is ENCRYPT_DECRYPT for every spec; see the documentation of
 * aws_kms_key in the AWS provider.
 */
export function keyPropertiesFromPlan(
  plan: Plan,
  key: PlanResource,
  type: KeyType,
  fields: FieldReader,
): KeyProperties {
  const days = (field: string, name: string, computed: number | null) =>
    fields.read<Value<number>, null>(field, name, numberValue, null, computed);
  return {
    ...(type.spec === undefined
      ? {}
      : { spec: fields.read("spec", type.spec, stringValue, "SYMMETRIC_DEFAULT") }),
    ...(type.usage === undefined
      ? {}
      : { usage: fields.read("usage", type.usage, stringValue, "ENCRYPT_DECRYPT") }),
    ...(type.kind === "key" ? keyStoreFrom(plan, key, type, fields) : {}),
    ...(type.multiRegion
      ? { multiRegion: fields.read("multiRegion", "multi_region", booleanValue, false) }
      : {}),
    ...(type.rotation
      ? { rotation: fields.read("rotation", "enable_key_rotation", booleanValue, false) }
      : {}),
    ...(type.rotation ? { rotationPeriodDays: rotationPeriod(plan, key, fields) } : {}),
    enabled: fields.read("enabled", type.enabled, booleanValue, true),
    deletionWindowDays: days("deletionWindowDays", type.deletionWindow, 30),
    bypassLockoutSafetyCheck: fields.read(
      "bypassLockoutSafetyCheck",
      "bypass_policy_lockout_safety_check",
      booleanValue,
      false,
    ),
    description: description(plan, key, fields),
    tags: tagsFromPlan(plan, key, type.tags, fields),
  };
}

/** If the argument is removed, the state keeps the period, so only the configuration shows whether it is set. */
function rotationPeriod(plan: Plan, key: PlanResource, fields: FieldReader): Value<number> | null {
  const { isSet } = attributeOf(plan, key, "rotation_period_in_days");
  if (isSet !== false) return fields.read("rotationPeriodDays", "rotation_period_in_days", numberValue, null);
  fields.defaults.push("rotationPeriodDays");
  return null;
}

function description(
  plan: Plan,
  key: PlanResource,
  fields: FieldReader,
): Required<KeyProperties>["description"] {
  const { sensitive } = attributeOf(plan, key, "description");
  // Rules match words of the description, so a redacted string would change verdicts.
  const redacted = () => unknownBecause("sensitive", `${key.address}.description`);
  return fields.read("description", "description", sensitive ? redacted : partialStringValue, null);
}

function keyStoreFrom(
  plan: Plan,
  key: PlanResource,
  type: KeyType,
  fields: FieldReader,
): Pick<KeyProperties, "origin" | "customKeyStore" | "customKeyStoreId" | "xksKey"> {
  if (type.origin !== undefined) {
    const origin = fields.read("origin", type.origin, stringValue, "AWS_KMS");
    fields.defaults.push("customKeyStore");
    return { origin, customKeyStore: false };
  }
  if (type.keyStore !== true) return { origin: type.fixedOrigin ?? "AWS_KMS", customKeyStore: false };
  const isSet = (name: string) => (node: Node) => isSetValue(plan, key, name, node);
  const store = fields.read("customKeyStore", "custom_key_store_id", isSet("custom_key_store_id"), false);
  const external = fields.read<Value<boolean>, false>("origin", "xks_key_id", isSet("xks_key_id"), false);
  // The origin depends on both fields, but each field has its own location.
  const ids = {
    customKeyStore: store,
    customKeyStoreId: fields.read("customKeyStoreId", "custom_key_store_id", idValue, null),
    xksKey: fields.read<Value<boolean>, false>("xksKey", "xks_key_id", isSet("xks_key_id"), false),
  };
  if (external === true) return { ...ids, origin: "EXTERNAL_KEY_STORE" };
  if (external !== false) return { ...ids, origin: external };
  if (store === false) return { ...ids, origin: "AWS_KMS" };
  fields.defaults.splice(fields.defaults.indexOf("origin"), 1);
  return { ...ids, origin: store === true ? "AWS_CLOUDHSM" : store };
}

const idValue = (node: Node): Value<string | null> =>
  node.type === "scalar" && node.value === "" ? null : stringValue(node);

/** Returns whether an argument is set. An unknown value counts as set if it comes from other resources only. */
function isSetValue(plan: Plan, key: PlanResource, name: string, node: Node): Value<boolean> {
  if (node.type !== "unknown") return !(node.type === "scalar" && node.value === "");
  const { targets } = originOf(plan, key, referencesOf(jsonAt(key.config, "expressions", name)));
  return targets.length > 0 && targets.every((target) => target.kind === "resource")
    ? true
    : unknownFrom(node.part);
}

type Before = NonNullable<Change["before"]>;

/** Returns the values before the change of immutable properties and of the waiting period. */
export function valuesBefore(key: PlanResource, type: KeyType): Before | undefined {
  const { before } = key;
  if (before === null) return undefined;
  const value = (name: string, fallback: string | boolean | null): Before[string] => {
    if (key.beforeSensitive === true || anyTrue(jsonAt(key.beforeSensitive, name)))
      return unknownBecause("sensitive", `${key.address}.${name}`);
    const previous = jsonAt(before, name) ?? fallback;
    return typeof previous === "object" && previous !== null
      ? unknownBecause("not a scalar value", name)
      : previous;
  };
  return {
    ...(type.spec === undefined ? {} : { spec: value(type.spec, "SYMMETRIC_DEFAULT") }),
    ...(type.usage === undefined ? {} : { usage: value(type.usage, "ENCRYPT_DECRYPT") }),
    ...(type.kind === "key" ? keyStoreBefore(before, type, value) : {}),
    ...(type.multiRegion ? { multiRegion: value("multi_region", false) } : {}),
    deletionWindowDays: value(type.deletionWindow, null),
  };
}

function keyStoreBefore(
  before: JsonObject,
  type: KeyType,
  value: (name: string, fallback: string | null) => Before[string],
): Before {
  if (type.origin !== undefined) return { origin: value(type.origin, "AWS_KMS"), customKeyStore: false };
  const has = (name: string) => type.keyStore === true && Boolean(jsonAt(before, name));
  const store = has("custom_key_store_id") ? "AWS_CLOUDHSM" : (type.fixedOrigin ?? "AWS_KMS");
  return {
    origin: has("xks_key_id") ? "EXTERNAL_KEY_STORE" : store,
    customKeyStore: has("custom_key_store_id"),
    ...(type.keyStore === true ? { customKeyStoreId: value("custom_key_store_id", null) || null } : {}),
  };
}
