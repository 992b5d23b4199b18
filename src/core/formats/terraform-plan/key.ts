import { isUnknown } from "../../key-policy/pattern.ts";
import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, OtherPolicy, Retention, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { addToGroup } from "../../model/groups.ts";
import { locationOf } from "../../model/node.ts";
import { partitionOf } from "../../model/region.ts";
import type { Json } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import { entityFromPlan, FieldReader, regionFromPlan, resourceId } from "./entity.ts";
import { keyNameOf } from "./imported-key.ts";
import { type JsonObject, jsonAt, stringAt } from "./json.ts";
import { keyPropertiesFromPlan, valuesBefore } from "./key-properties.ts";
import { keyNamedBy } from "./key-reference.ts";
import { ownerFromPlan } from "./owner.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { policyFromPlan } from "./policy.ts";
import { evaluatedString } from "./provider.ts";
import { type KeyType, keyTypes } from "./resource-types.ts";
import { booleanValue } from "./values.ts";

/** The `aws_kms_key_policy` and `aws_kms_grant` resources of a plan, by the address of their key. */
export interface Attachments {
  byKey: Map<string, PlanResource[]>;
  grants: Map<string, PlanResource[]>;
  /** Policies with several possible keys, by the address of each key. */
  ambiguous: Map<string, PlanResource>;
  /** Policies without a key in the plan, or with several possible keys. */
  unattached: PlanResource[];
}

export function attachmentsOf(plan: Plan): Attachments {
  const attachments: Attachments = {
    byKey: new Map(),
    grants: new Map(),
    ambiguous: new Map(),
    unattached: [],
  };
  for (const resource of plan.resources) {
    if (resource.type !== "aws_kms_key_policy" && resource.type !== "aws_kms_grant") continue;
    const { keys } = keyNamedBy(plan, resource, "key_id");
    const [key, another] = keys;
    if (resource.type === "aws_kms_grant") {
      if (key === undefined || another !== undefined) continue;
      addToGroup(attachments.grants, key.address, resource);
    } else if (key !== undefined && another === undefined)
      addToGroup(attachments.byKey, key.address, resource);
    else {
      attachments.unattached.push(resource);
      for (const candidate of keys) attachments.ambiguous.set(candidate.address, resource);
    }
  }
  return attachments;
}

export function keyFromPlan(
  plan: Plan,
  resource: PlanResource,
  attachments: Attachments,
  options: TargetOptions,
): Key {
  const type = keyTypes.get(resource.type) as KeyType;
  const fields = new FieldReader(plan, resource);
  const name = keyNameOf(resource);
  const { arn } = name;
  const properties = keyPropertiesFromPlan(plan, resource, type, fields);
  const attached = attachments.byKey.get(resource.address)?.at(-1);
  if (attached !== undefined) inheritBypass(plan, attached, properties, fields);
  const policy = effectivePolicy(plan, resource, type, attachments, arn);
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const region = regionFromPlan(plan, resource, options);
  if (stringAt(resource.values, "region") !== undefined)
    fields.locations.region = locationOf(
      { parsed: plan.parsed, pointer: `${resource.valuesPointer}/region` },
      resource.address,
    );
  const holders: [PlanResource, string][] = [[resource, type.policy]];
  if (attached !== undefined) holders.unshift([attached, "policy"]);
  for (const grant of attachments.grants.get(resource.address) ?? [])
    holders.push([grant, "grantee_principal"], [grant, "retiring_principal"]);
  return {
    ...entityFromPlan(plan, resource, fields, valuesBefore(resource, type)),
    kind: type.kind,
    owner: ownerFromPlan(plan, resource, holders, options.account),
    ...name,
    region,
    partition: arn?.split(":")[1] || partitionOf(region),
    policy,
    properties,
    ...(resource.lifecycle === undefined
      ? {}
      : { retention: retentionOf(plan, resource, resource.lifecycle, fields) }),
    ...(type.kind === "replica" ? { primary: primaryOf(plan, resource, fields) } : {}),
  };
}

/**
 * Returns the retention from the lifecycle block. `prevent_destroy` blocks both deletion and replacement. With
 * `destroy = false`, OpenTofu only forgets the key in both cases: https://opentofu.org/docs/language/resources/behavior
 */
function retentionOf(plan: Plan, key: PlanResource, lifecycle: JsonObject, fields: FieldReader): Retention {
  const { prevent_destroy: preventDestroy = false, destroy = true } = lifecycle;
  if (preventDestroy === false && destroy === true) fields.defaults.push("retention");
  else fields.locations.retention = locationOf(key.at, key.address);
  const isSet = (setting: Json, wanted: boolean): Value<boolean> => {
    const value = typeof setting === "string" ? evaluatedString(plan, setting) : setting;
    return isUnknown(value) ? value : String(value) === String(wanted);
  };
  const [isPrevented, isForgotten] = [isSet(preventDestroy, true), isSet(destroy, false)];
  const retained = isForgotten === true || isPrevented === false ? isForgotten : isPrevented;
  return { onDeletion: retained, onReplacement: retained };
}

/** Returns the effective policy: the last one that Terraform puts. An attached policy is created after its key. */
function effectivePolicy(
  plan: Plan,
  resource: PlanResource,
  type: KeyType,
  attachments: Attachments,
  arn: string | undefined,
): Key["policy"] {
  const all = attachments.byKey.get(resource.address) ?? [];
  const attached = all.at(-1);
  if (attached !== undefined) {
    const policy = policyFromPlan(plan, attached, "policy", { arn, attachedBy: attached.address });
    const inline = inlinePolicy(plan, resource, type.policy);
    const otherPolicies = [
      ...(inline === undefined ? [] : [{ resource: resource.address, ...inline }]),
      ...all.slice(0, -1).map((other) => ({
        resource: other.address,
        location: attributeOf(plan, other, "policy").location ?? locationOf(other.at, other.address),
      })),
    ];
    return otherPolicies.length === 0 ? policy : { ...policy, otherPolicies };
  }
  const candidate = attachments.ambiguous.get(resource.address);
  if (candidate === undefined) return policyFromPlan(plan, resource, type.policy, { arn });
  const part = {
    reason: "the key of the attached policy is ambiguous",
    expression: `${candidate.address}.key_id`,
  };
  return normalizePolicy({ type: "unknown", part, at: candidate.at }, { address: candidate.address });
}

/**
 * Returns the location of a key's inline policy. It is `conditional` if it may not exist: the provider computes
 * a policy that is not set, and an unknown policy can be null unless its value comes from other resources only.
 */
function inlinePolicy(
  plan: Plan,
  key: PlanResource,
  name: string,
): Omit<OtherPolicy, "resource"> | undefined {
  const { node, isSet, location } = attributeOf(plan, key, name);
  if (isSet === false || node === undefined) return undefined;
  if (node.type === "scalar" && (node.value === null || node.value === "")) return undefined;
  const inline = { location: location ?? locationOf(key.at, key.address) };
  if (isSet === undefined) return { ...inline, conditional: true };
  if (node.type !== "unknown") return inline;
  const targets = plan.targetsOf(key, referencesOf(jsonAt(key.config, "expressions", name)));
  const isCertain = targets.length > 0 && targets.every((target) => target.kind === "resource");
  return isCertain ? inline : { ...inline, conditional: true };
}

function inheritBypass(
  plan: Plan,
  attached: PlanResource,
  properties: NonNullable<Key["properties"]>,
  fields: FieldReader,
): void {
  const { node, location } = attributeOf(plan, attached, "bypass_policy_lockout_safety_check");
  if (node === undefined || properties.bypassLockoutSafetyCheck === true) return;
  const bypass = booleanValue(node);
  if (bypass === false) return;
  properties.bypassLockoutSafetyCheck = bypass;
  fields.locations.bypassLockoutSafetyCheck = location ?? locationOf(attached.at, attached.address);
  const index = fields.defaults.indexOf("bypassLockoutSafetyCheck");
  if (index >= 0) fields.defaults.splice(index, 1);
}

function primaryOf(plan: Plan, replica: PlanResource, fields: FieldReader): NonNullable<Key["primary"]> {
  const { text, keys } = keyNamedBy(plan, replica, "primary_key_arn");
  fields.locations.primary =
    attributeOf(plan, replica, "primary_key_arn").location ?? locationOf(replica.at, replica.address);
  return { text, keys: keys.map((key) => resourceId(plan, key)) };
}

/** Returns a policy that is attached to a key outside of the plan, or to an ambiguous key. */
export function standalonePolicyFromPlan(plan: Plan, resource: PlanResource, options: TargetOptions): Key {
  const fields = new FieldReader(plan, resource);
  const { text } = keyNamedBy(plan, resource, "key_id");
  const arn = typeof text === "string" && text.startsWith("arn:") ? text : undefined;
  const policy = policyFromPlan(plan, resource, "policy", { arn });
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const asKey: PlanResource =
    arn === undefined ? resource : { ...resource, values: { ...resource.values, arn } };
  const region = regionFromPlan(plan, asKey, options);
  const properties = {
    bypassLockoutSafetyCheck: fields.read(
      "bypassLockoutSafetyCheck",
      "bypass_policy_lockout_safety_check",
      booleanValue,
      false,
    ),
  };
  return {
    ...entityFromPlan(plan, resource, fields),
    kind: "policy",
    owner: ownerFromPlan(plan, asKey, [[resource, "policy"]], options.account),
    ...(arn === undefined ? {} : { arn }),
    region,
    partition: arn?.split(":")[1] || partitionOf(region),
    policy,
    properties,
  };
}
