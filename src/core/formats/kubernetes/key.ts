import { isUnknown } from "../../key-policy/pattern.ts";
import type { Change, Key, KeyProperties, Removal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { partitionOf } from "../../model/region.ts";
import { booleanOf, numberOf, stringOf, stringOrPartial } from "../cloudformation/fields.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { manifestOwner, manifestRegion } from "./deployment-target.ts";
import { isIdSet, ManifestFields, manifestEntity, parseManifestTags, unknownValue } from "./fields.ts";
import { keysGrantedToOwnRoles } from "./grant.ts";
import { type KeyKind, policyKeyFields } from "./kinds.ts";
import { effectivePolicy, lastAttachedPolicy, manifestPolicy } from "./policy.ts";
import { referencedKey, statusArn } from "./references.ts";
import { isRetained } from "./retention.ts";

/** Returns the key that an object defines, with the policy that applies to it. */
export function keyFromManifest(
  catalog: Catalog,
  manifest: Manifest,
  kind: KeyKind,
  options: TargetOptions,
): Key {
  const fields = new ManifestFields(manifest);
  const properties = keyPropertiesOf(fields, manifest, kind);
  const attached = lastAttachedPolicy(catalog, manifest);
  if (attached !== undefined) inheritBypass(attached, properties, fields);
  const referenced = kind.primary && referencedKey(catalog, manifest, kind.primary);
  if (referenced !== undefined) fields.locate("primary", referenced.node.at);
  const arn = statusArn(manifest.raw);
  const policy = effectivePolicy(catalog, manifest, arn);
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  else fields.defaults.push("policy");
  const region = manifestRegion(catalog, manifest, fields, options);
  return {
    ...manifestEntity(manifest, fields, immutableBefore(manifest, kind)),
    kind: kind.kind,
    owner:
      policy.state === "absent"
        ? ownerByGrants(catalog, manifest, options)
        : manifestOwner(catalog, manifest, options),
    ...(arn === undefined ? {} : { arn }),
    region,
    partition: arn?.split(":")[1] ?? partitionOf(region),
    policy,
    // No controller replaces a key.
    retention: { onDeletion: isRetained(catalog, manifest, fields), onReplacement: true },
    properties,
    ...(kind.primary === undefined
      ? {}
      : { primary: referenced?.reference ?? { text: unknownValue("the primary key is not set"), keys: [] } }),
  };
}

const immutableFields = ["spec", "usage", "origin", "multiRegion", "customKeyStoreId"] as const;

/** Returns the immutable properties before an update. */
function immutableBefore({ before }: Manifest, kind: KeyKind): Change["before"] {
  if (before === undefined) return undefined;
  const properties = keyPropertiesOf(new ManifestFields(before), before, kind);
  return Object.fromEntries(
    immutableFields.flatMap((field) => (properties[field] === undefined ? [] : [[field, properties[field]]])),
  );
}

/** Returns the removal of a key whose object is deleted, unless the key is retained. */
export function removalsOf(catalog: Catalog, manifest: Manifest, { kind }: KeyKind): Removal[] {
  const fields = new ManifestFields(manifest);
  if (isRetained(catalog, manifest, fields) === true) return [];
  return [{ ...manifestEntity(manifest, fields), kind }];
}

/** Returns the owner of a key without a policy. A role in the same file to which the key is granted is in its account. */
function ownerByGrants(catalog: Catalog, manifest: Manifest, options: TargetOptions): Key["owner"] {
  const owner = manifestOwner(catalog, manifest, options);
  return isUnknown(owner) && keysGrantedToOwnRoles(catalog).has(manifest.id) ? "self" : owner;
}

/** Returns a policy entity for a KeyPolicy whose key is not in the input. */
export function unattachedKeyPolicy(catalog: Catalog, manifest: Manifest, options: TargetOptions): Key[] {
  const referenced = referencedKey(catalog, manifest, policyKeyFields);
  if (referenced?.reference.keys.length === 1) return [];
  const fields = new ManifestFields(manifest);
  const properties = {
    bypassLockoutSafetyCheck: fields.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false),
  };
  const text = referenced?.reference.text;
  const arn =
    typeof text === "string" && /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/./.test(text) ? text : undefined;
  const policy = manifestPolicy(manifest, arn === undefined ? {} : { arn });
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const region = manifestRegion(catalog, manifest, fields, options);
  return [
    {
      ...manifestEntity(manifest, fields),
      kind: "policy",
      owner: manifestOwner(catalog, manifest, options),
      ...(arn === undefined ? {} : { arn }),
      region,
      partition: arn?.split(":")[1] ?? partitionOf(region),
      policy,
      properties,
    },
  ];
}

/** Applies the bypass of a KeyPolicy to its key: either object can bypass the lockout safety check. */
function inheritBypass(attached: Manifest, properties: KeyProperties, fields: ManifestFields): void {
  const attachedFields = new ManifestFields(attached);
  const bypass = attachedFields.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false);
  if (bypass === false || properties.bypassLockoutSafetyCheck === true) return;
  properties.bypassLockoutSafetyCheck = bypass;
  Object.assign(fields.locations, attachedFields.locations);
  const index = fields.defaults.indexOf("bypassLockoutSafetyCheck");
  if (index >= 0) fields.defaults.splice(index, 1);
}

const bypassField = "bypassPolicyLockoutSafetyCheck";

function keyPropertiesOf(fields: ManifestFields, manifest: Manifest, kind: KeyKind): KeyProperties {
  const spec = kind.spec && fields.read("spec", kind.spec, stringOf, "SYMMETRIC_DEFAULT");
  const usage = spec === undefined ? undefined : usageOf(fields, kind, spec);
  const window =
    manifest.controller === "ack"
      ? fields.annotation("kms.services.k8s.aws/pending-window-in-days")
      : kind.deletionWindow === undefined
        ? undefined
        : fields.node(kind.deletionWindow);
  return {
    ...(spec === undefined ? {} : { spec }),
    ...(usage === undefined ? {} : { usage }),
    ...(kind.kind === "key" ? storeOf(fields, kind) : {}),
    ...(kind.multiRegion
      ? { multiRegion: fields.read("multiRegion", ["multiRegion"], booleanOf, false) }
      : {}),
    ...(kind.rotation ? rotationOf(fields, kind) : {}),
    // ACK cannot create a disabled key.
    enabled: fields.read("enabled", kind.enabled === undefined ? [] : [kind.enabled], booleanOf, true),
    deletionWindowDays: fields.readNode("deletionWindowDays", window, numberOf, null),
    bypassLockoutSafetyCheck: fields.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false),
    description: fields.read("description", ["description"], stringOrPartial, null),
    tags: fields.read("tags", ["tags"], parseManifestTags, {}),
  };
}

function usageOf(
  fields: ManifestFields,
  { defaultUsage }: KeyKind,
  spec: Value<string>,
): Value<string> | undefined {
  const node = fields.node("keyUsage");
  if (node !== undefined || defaultUsage || spec === "SYMMETRIC_DEFAULT")
    return fields.readNode("usage", node, stringOf, "ENCRYPT_DECRYPT");
  return undefined;
}

function rotationOf(
  fields: ManifestFields,
  { rotationPeriod }: KeyKind,
): Pick<KeyProperties, "rotation" | "rotationPeriodDays"> {
  const period = rotationPeriod === undefined ? [] : [rotationPeriod];
  return {
    rotation: fields.read("rotation", ["enableKeyRotation"], booleanOf, false),
    rotationPeriodDays: fields.read("rotationPeriodDays", period, numberOf, null),
  };
}

type KeyStoreProperties = Pick<KeyProperties, "origin" | "customKeyStore" | "customKeyStoreId" | "xksKey">;

function storeOf(
  fields: ManifestFields,
  { origin: kind, keyStore = [], xksKey }: KeyKind,
): KeyStoreProperties {
  if (keyStore.length === 0) {
    fields.defaults.push("customKeyStore");
    return { origin: kind === "EXTERNAL" ? "EXTERNAL" : "AWS_KMS", customKeyStore: false };
  }
  const store = fields.read<Value<boolean>, false>("customKeyStore", keyStore, isIdSet, false);
  const customKeyStoreId = fields.read("customKeyStoreId", keyStore, (node) => stringOf(node) || null, null);
  const xks =
    xksKey === undefined ? false : fields.read<Value<boolean>, false>("xksKey", [xksKey], isIdSet, false);
  const ids = { customKeyStoreId, xksKey: xks };
  if (kind === "field") {
    const origin = fields.read("origin", ["origin"], stringOf, "AWS_KMS");
    const isStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
    return { ...ids, origin, customKeyStore: isStore || store };
  }
  if (store === false) fields.defaults.push("origin");
  return { ...ids, customKeyStore: store, origin: originOf(store, xks) };
}

/** Derives the origin from the IDs if the kind has no field for it. */
function originOf(store: Value<boolean>, xks: Value<boolean>): Value<string> {
  if (xks === true) return "EXTERNAL_KEY_STORE";
  if (isUnknown(xks)) return xks;
  if (isUnknown(store)) return store;
  return store ? "AWS_CLOUDHSM" : "AWS_KMS";
}
