import { isUnknown } from "../../key-policy/pattern.ts";
import type { Change, Key, KeyProperties, Removal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { partitionOf } from "../../model/region.ts";
import { booleanOf, numberOf, stringOf, textValue } from "../cloudformation/fields.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import { entityOf, Fields, isGiven, tagsOf, unknown } from "./fields.ts";
import { grantsToOwnRoles } from "./grant.ts";
import { type KeyKind, policyNaming } from "./kinds.ts";
import { ownerOf, regionOf } from "./place.ts";
import { governing, lastAttached, ownPolicy } from "./policy.ts";
import { arnOf, keyNamed } from "./references.ts";
import { keptOf } from "./retention.ts";

export function keyOf(catalogue: Catalogue, manifest: Manifest, kind: KeyKind, options: TargetOptions): Key {
  const fields = new Fields(manifest);
  const settings = settingsOf(fields, manifest, kind);
  const attached = lastAttached(catalogue, manifest);
  if (attached !== undefined) inheritBypass(attached, settings, fields);
  const named = kind.primary && keyNamed(catalogue, manifest, kind.primary);
  if (named !== undefined) fields.locate("primary", named.node.at);
  const arn = arnOf(manifest.raw);
  const policy = governing(catalogue, manifest, arn);
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  else fields.defaults.push("policy");
  const region = regionOf(catalogue, manifest, fields, options);
  return {
    ...entityOf(manifest, fields, beforeOf(manifest, kind)),
    kind: kind.kind,
    owner:
      policy.state === "absent"
        ? ownerByGrants(catalogue, manifest, options)
        : ownerOf(catalogue, manifest, options),
    ...(arn === undefined ? {} : { arn }),
    region,
    partition: arn?.split(":")[1] ?? partitionOf(region),
    policy,
    // No controller makes another key in the place of one.
    retention: { onDeletion: keptOf(catalogue, manifest, fields), onReplacement: true },
    properties: settings,
    ...(kind.primary === undefined
      ? {}
      : { primary: named?.reference ?? { text: unknown("the primary is not given"), keys: [] } }),
  };
}

const fixed = ["spec", "usage", "origin", "multiRegion", "customKeyStoreId"] as const;

/** The values before a change, of what KMS never changes. */
function beforeOf({ before }: Manifest, kind: KeyKind): Change["before"] {
  if (before === undefined) return undefined;
  const settings = settingsOf(new Fields(before), before, kind);
  return Object.fromEntries(
    fixed.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]])),
  );
}

/** A key that goes with its object, unless it is kept. */
export function removalsOf(catalogue: Catalogue, manifest: Manifest, { kind }: KeyKind): Removal[] {
  const fields = new Fields(manifest);
  if (keptOf(catalogue, manifest, fields) === true) return [];
  return [{ ...entityOf(manifest, fields), kind }];
}

/** A policy that is not given names no account: then a role beside the key, to which it is granted, tells it. */
function ownerByGrants(catalogue: Catalogue, manifest: Manifest, options: TargetOptions): Key["owner"] {
  const told = ownerOf(catalogue, manifest, options);
  return isUnknown(told) && grantsToOwnRoles(catalogue).has(manifest.id) ? "self" : told;
}

/** A KeyPolicy of a key that the input does not hold. */
export function looseKeyPolicy(catalogue: Catalogue, manifest: Manifest, options: TargetOptions): Key[] {
  const named = keyNamed(catalogue, manifest, policyNaming);
  if (named?.reference.keys.length === 1) return [];
  const fields = new Fields(manifest);
  const settings = {
    bypassLockoutSafetyCheck: fields.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false),
  };
  const text = named?.reference.text;
  const arn =
    typeof text === "string" && /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/./.test(text) ? text : undefined;
  const policy = ownPolicy(manifest, arn === undefined ? {} : { arn });
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const region = regionOf(catalogue, manifest, fields, options);
  return [
    {
      ...entityOf(manifest, fields),
      kind: "policy",
      owner: ownerOf(catalogue, manifest, options),
      ...(arn === undefined ? {} : { arn }),
      region,
      partition: arn?.split(":")[1] ?? partitionOf(region),
      policy,
      properties: settings,
    },
  ];
}

/** The check may be bypassed where the key is made and where its policy is put. */
function inheritBypass(attached: Manifest, settings: KeyProperties, fields: Fields): void {
  const own = new Fields(attached);
  const bypass = own.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false);
  if (bypass === false || settings.bypassLockoutSafetyCheck === true) return;
  settings.bypassLockoutSafetyCheck = bypass;
  Object.assign(fields.locations, own.locations);
  const place = fields.defaults.indexOf("bypassLockoutSafetyCheck");
  if (place >= 0) fields.defaults.splice(place, 1);
}

const bypassField = "bypassPolicyLockoutSafetyCheck";

function settingsOf(fields: Fields, manifest: Manifest, kind: KeyKind): KeyProperties {
  const spec = kind.spec && fields.read("spec", kind.spec, stringOf, "SYMMETRIC_DEFAULT");
  const usage = spec === undefined ? undefined : usageOf(fields, kind, spec);
  const window =
    manifest.maker === "ack"
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
    // ACK cannot make one that is disabled.
    enabled: fields.read("enabled", kind.enabled === undefined ? [] : [kind.enabled], booleanOf, true),
    deletionWindowDays: fields.take("deletionWindowDays", window, numberOf, null),
    bypassLockoutSafetyCheck: fields.read("bypassLockoutSafetyCheck", [bypassField], booleanOf, false),
    description: fields.read("description", ["description"], textValue, null),
    tags: fields.read("tags", ["tags"], tagsOf, {}),
  };
}

function usageOf(fields: Fields, { usageGiven }: KeyKind, spec: Value<string>): Value<string> | undefined {
  const node = fields.node("keyUsage");
  if (node !== undefined || usageGiven || spec === "SYMMETRIC_DEFAULT")
    return fields.take("usage", node, stringOf, "ENCRYPT_DECRYPT");
  return undefined;
}

function rotationOf(
  fields: Fields,
  { rotationPeriod }: KeyKind,
): Pick<KeyProperties, "rotation" | "rotationPeriodDays"> {
  const period = rotationPeriod === undefined ? [] : [rotationPeriod];
  return {
    rotation: fields.read("rotation", ["enableKeyRotation"], booleanOf, false),
    rotationPeriodDays: fields.read("rotationPeriodDays", period, numberOf, null),
  };
}

type Store = Pick<KeyProperties, "origin" | "customKeyStore" | "customKeyStoreId" | "xksKey">;

function storeOf(fields: Fields, { origin: kind, keyStore = [], xksKey }: KeyKind): Store {
  if (keyStore.length === 0) {
    fields.defaults.push("customKeyStore");
    return { origin: kind === "EXTERNAL" ? "EXTERNAL" : "AWS_KMS", customKeyStore: false };
  }
  const store = fields.read<Value<boolean>, false>("customKeyStore", keyStore, isGiven, false);
  const customKeyStoreId = fields.read("customKeyStoreId", keyStore, (node) => stringOf(node) || null, null);
  const xks =
    xksKey === undefined ? false : fields.read<Value<boolean>, false>("xksKey", [xksKey], isGiven, false);
  const ids = { customKeyStoreId, xksKey: xks };
  if (kind === "field") {
    const origin = fields.read("origin", ["origin"], stringOf, "AWS_KMS");
    const isStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
    return { ...ids, origin, customKeyStore: isStore || store };
  }
  if (store === false) fields.defaults.push("origin");
  return { ...ids, customKeyStore: store, origin: originOf(store, xks) };
}

/** Where the kind has no field for the origin, the ids tell it. */
function originOf(store: Value<boolean>, xks: Value<boolean>): Value<string> {
  if (xks === true) return "EXTERNAL_KEY_STORE";
  if (isUnknown(xks)) return xks;
  if (isUnknown(store)) return store;
  return store ? "AWS_CLOUDHSM" : "AWS_KMS";
}
