import type { Change, KeyProperties, Value } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import type { Fields } from "./entity.ts";
import { originOf } from "./holes.ts";
import { anyTrue, at, type JsonObject } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import type { KeyType } from "./resources.ts";
import { tagsOf } from "./tags.ts";
import { booleanValue, numberValue, ofHole, stringValue, textValue, unknown } from "./values.ts";

/**
 * The settings of a key. In Terraform no usage means ENCRYPT_DECRYPT, whatever the spec.
 * See the page aws_kms_key of the AWS provider.
 */
export function settingsOf(plan: Plan, key: Resource, type: KeyType, fields: Fields): KeyProperties {
  const days = (field: string, name: string, given: number | null) =>
    fields.read<Value<number>, null>(field, name, numberValue, null, given);
  return {
    ...(type.spec === undefined
      ? {}
      : { spec: fields.read("spec", type.spec, stringValue, "SYMMETRIC_DEFAULT") }),
    ...(type.usage === undefined
      ? {}
      : { usage: fields.read("usage", type.usage, stringValue, "ENCRYPT_DECRYPT") }),
    ...(type.kind === "key" ? storeOf(plan, key, type, fields) : {}),
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
    tags: tagsOf(plan, key, type.tags, fields),
  };
}

/** The state keeps the period after it is taken out of the configuration: then it is not set. */
function rotationPeriod(plan: Plan, key: Resource, fields: Fields): Value<number> | null {
  const { written } = attributeOf(plan, key, "rotation_period_in_days");
  if (written !== false)
    return fields.read("rotationPeriodDays", "rotation_period_in_days", numberValue, null);
  fields.defaults.push("rotationPeriodDays");
  return null;
}

function description(plan: Plan, key: Resource, fields: Fields): Required<KeyProperties>["description"] {
  const { sensitive } = attributeOf(plan, key, "description");
  // Its words decide verdicts: the text cannot stand here, and another one would lie.
  const hidden = () => unknown("sensitive", `${key.address}.description`);
  return fields.read("description", "description", sensitive ? hidden : textValue, null);
}

function storeOf(
  plan: Plan,
  key: Resource,
  type: KeyType,
  fields: Fields,
): Pick<KeyProperties, "origin" | "customKeyStore" | "customKeyStoreId" | "xksKey"> {
  if (type.origin !== undefined) {
    const origin = fields.read("origin", type.origin, stringValue, "AWS_KMS");
    fields.defaults.push("customKeyStore");
    return { origin, customKeyStore: false };
  }
  if (type.keyStore !== true) return { origin: type.fixedOrigin ?? "AWS_KMS", customKeyStore: false };
  const isSet = (name: string) => (node: Node) => presence(plan, key, name, node);
  const store = fields.read("customKeyStore", "custom_key_store_id", isSet("custom_key_store_id"), false);
  const external = fields.read<Value<boolean>, false>("origin", "xks_key_id", isSet("xks_key_id"), false);
  // Each is read by itself: the origin hangs on both.
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

/** Whether an argument is set: also where its value is that of another resource that is still to come. */
function presence(plan: Plan, key: Resource, name: string, node: Node): Value<boolean> {
  if (node.type !== "unknown") return !(node.type === "scalar" && node.value === "");
  const { leaves } = originOf(plan, key, referencesOf(at(key.written, "expressions", name)));
  return leaves.length > 0 && leaves.every((leaf) => leaf.kind === "resource") ? true : ofHole(node.part);
}

type Before = NonNullable<Change["before"]>;

/** The values before the change, of what cannot be changed in place and of the waiting period. */
export function beforeOf(key: Resource, type: KeyType): Before | undefined {
  const { before } = key;
  if (before === null) return undefined;
  const value = (name: string, fallback: string | boolean | null): Before[string] => {
    if (key.beforeSensitive === true || anyTrue(at(key.beforeSensitive, name)))
      return unknown("sensitive", `${key.address}.${name}`);
    const found = at(before, name) ?? fallback;
    return typeof found === "object" && found !== null ? unknown("it is not a plain value", name) : found;
  };
  return {
    ...(type.spec === undefined ? {} : { spec: value(type.spec, "SYMMETRIC_DEFAULT") }),
    ...(type.usage === undefined ? {} : { usage: value(type.usage, "ENCRYPT_DECRYPT") }),
    ...(type.kind === "key" ? storeBefore(before, type, value) : {}),
    ...(type.multiRegion ? { multiRegion: value("multi_region", false) } : {}),
    deletionWindowDays: value(type.deletionWindow, null),
  };
}

function storeBefore(
  before: JsonObject,
  type: KeyType,
  value: (name: string, fallback: string | null) => Before[string],
): Before {
  if (type.origin !== undefined) return { origin: value(type.origin, "AWS_KMS"), customKeyStore: false };
  const has = (name: string) => type.keyStore === true && Boolean(at(before, name));
  const store = has("custom_key_store_id") ? "AWS_CLOUDHSM" : (type.fixedOrigin ?? "AWS_KMS");
  return {
    origin: has("xks_key_id") ? "EXTERNAL_KEY_STORE" : store,
    customKeyStore: has("custom_key_store_id"),
    ...(type.keyStore === true ? { customKeyStoreId: value("custom_key_store_id", null) || null } : {}),
  };
}
