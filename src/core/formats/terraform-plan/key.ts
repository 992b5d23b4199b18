import { isUnknown } from "../../key-policy/pattern.ts";
import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, OtherPolicy, Retention } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { partitionOf } from "../../model/region.ts";
import type { Json } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import { entityOf, Fields, idOf, regionIn } from "./entity.ts";
import { at, stringAt } from "./json.ts";
import { ownerOf } from "./owner.ts";
import type { Plan, Resource } from "./plan.ts";
import { policyIn } from "./policy.ts";
import { textIn } from "./provider.ts";
import { keyNamedBy } from "./reference.ts";
import { type KeyType, keyTypes } from "./resources.ts";
import { beforeOf, settingsOf } from "./settings.ts";
import { booleanValue } from "./values.ts";

/** The `aws_kms_key_policy` resources of a plan, by the address of the key that each governs; its grants too. */
export interface Attachments {
  byKey: Map<string, Resource[]>;
  grants: Map<string, Resource[]>;
  /** Which of several keys it governs cannot be told. */
  undecided: Map<string, Resource>;
  /** They govern no key of the plan, or which one cannot be told. */
  loose: Resource[];
}

export function attachmentsOf(plan: Plan): Attachments {
  const attachments: Attachments = { byKey: new Map(), grants: new Map(), undecided: new Map(), loose: [] };
  for (const resource of plan.resources) {
    if (resource.type !== "aws_kms_key_policy" && resource.type !== "aws_kms_grant") continue;
    const { keys } = keyNamedBy(plan, resource, "key_id");
    const [key, another] = keys;
    if (resource.type === "aws_kms_grant") {
      if (key === undefined || another !== undefined) continue;
      add(attachments.grants, key, resource);
    } else if (key !== undefined && another === undefined) add(attachments.byKey, key, resource);
    else {
      attachments.loose.push(resource);
      for (const candidate of keys) attachments.undecided.set(candidate.address, resource);
    }
  }
  return attachments;
}

function add(map: Map<string, Resource[]>, key: Resource, resource: Resource): void {
  const others = map.get(key.address);
  if (others === undefined) map.set(key.address, [resource]);
  else others.push(resource);
}

export function keyOf(plan: Plan, resource: Resource, attachments: Attachments, options: TargetOptions): Key {
  const type = keyTypes.get(resource.type) as KeyType;
  const fields = new Fields(plan, resource);
  const arn = stringAt(resource.values, "arn");
  const settings = settingsOf(plan, resource, type, fields);
  const attached = attachments.byKey.get(resource.address)?.at(-1);
  if (attached !== undefined) inheritBypass(plan, attached, settings, fields);
  const policy = governing(plan, resource, type, attachments, arn);
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const region = regionIn(plan, resource, options);
  if (stringAt(resource.values, "region") !== undefined)
    fields.locations.region = locationOf(
      { parsed: plan.parsed, pointer: `${resource.valuesAt}/region` },
      resource.address,
    );
  const holders: [Resource, string][] = [[resource, type.policy]];
  if (attached !== undefined) holders.unshift([attached, "policy"]);
  for (const grant of attachments.grants.get(resource.address) ?? [])
    holders.push([grant, "grantee_principal"], [grant, "retiring_principal"]);
  return {
    ...entityOf(plan, resource, fields, beforeOf(resource, type)),
    kind: type.kind,
    owner: ownerOf(plan, resource, holders, options.account),
    ...(arn === undefined ? {} : { arn }),
    region,
    partition: arn?.split(":")[1] || partitionOf(region),
    policy,
    properties: settings,
    ...(resource.kept === undefined ? {} : { retention: retentionOf(plan, resource, resource.kept, fields) }),
    ...(type.kind === "replica" ? { primary: primaryOf(plan, resource, fields) } : {}),
  };
}

/** Terraform refuses to destroy what it is to keep, for whatever reason. */
function retentionOf(plan: Plan, key: Resource, kept: Json, fields: Fields): Retention {
  const isKept = typeof kept === "string" ? textIn(plan, kept) : kept;
  const value = isUnknown(isKept) ? isKept : isKept === true || isKept === "true";
  if (kept === false) fields.defaults.push("retention");
  else fields.locations.retention = locationOf(key.at, key.address);
  return { onDeletion: value, onReplacement: value };
}

/** The policy that stays: AWS keeps the one that is put last, and an attached one comes after its key. */
function governing(
  plan: Plan,
  resource: Resource,
  type: KeyType,
  attachments: Attachments,
  arn: string | undefined,
): Key["policy"] {
  const all = attachments.byKey.get(resource.address) ?? [];
  const attached = all.at(-1);
  if (attached !== undefined) {
    const policy = policyIn(plan, attached, "policy", { arn, attachedBy: attached.address });
    const inline = inlinePolicy(plan, resource, type.policy);
    const others = [
      ...(inline === undefined ? [] : [{ resource: resource.address, ...inline }]),
      ...all.slice(0, -1).map((other) => ({
        resource: other.address,
        location: attributeOf(plan, other, "policy").location ?? locationOf(other.at, other.address),
      })),
    ];
    return others.length === 0 ? policy : { ...policy, otherPolicies: others };
  }
  const perhaps = attachments.undecided.get(resource.address);
  if (perhaps === undefined) return policyIn(plan, resource, type.policy, { arn });
  const hole = {
    reason: "which key the policy is attached to is not known",
    expression: `${perhaps.address}.key_id`,
  };
  return normalizePolicy({ type: "unknown", part: hole, at: perhaps.at }, { address: perhaps.address });
}

/**
 * Where a key's own policy stands. The provider fills in what AWS has where none is written, so one that may not be
 * written may be no second one; nor may one that is still to come, unless it is nothing but the value of other
 * resources: else it may be null.
 */
function inlinePolicy(plan: Plan, key: Resource, name: string): Omit<OtherPolicy, "resource"> | undefined {
  const { node, written, location } = attributeOf(plan, key, name);
  if (written === false || node === undefined) return undefined;
  if (node.type === "scalar" && (node.value === null || node.value === "")) return undefined;
  const here = { location: location ?? locationOf(key.at, key.address) };
  if (written === undefined) return { ...here, conditional: true };
  if (node.type !== "unknown") return here;
  const found = plan.follow(key, referencesOf(at(key.written, "expressions", name)));
  const leaves = found.flatMap((one) => one.leaves);
  const isThere = leaves.length > 0 && leaves.every((leaf) => leaf.kind === "resource");
  return isThere ? here : { ...here, conditional: true };
}

function inheritBypass(
  plan: Plan,
  attached: Resource,
  settings: NonNullable<Key["properties"]>,
  fields: Fields,
): void {
  const { node, location } = attributeOf(plan, attached, "bypass_policy_lockout_safety_check");
  if (node === undefined || settings.bypassLockoutSafetyCheck === true) return;
  const bypass = booleanValue(node);
  if (bypass === false) return;
  settings.bypassLockoutSafetyCheck = bypass;
  fields.locations.bypassLockoutSafetyCheck = location ?? locationOf(attached.at, attached.address);
  const place = fields.defaults.indexOf("bypassLockoutSafetyCheck");
  if (place >= 0) fields.defaults.splice(place, 1);
}

function primaryOf(plan: Plan, replica: Resource, fields: Fields): NonNullable<Key["primary"]> {
  const { text, keys } = keyNamedBy(plan, replica, "primary_key_arn");
  fields.locations.primary =
    attributeOf(plan, replica, "primary_key_arn").location ?? locationOf(replica.at, replica.address);
  return { text, keys: keys.map((key) => idOf(plan, key)) };
}

/** A policy that is attached to a key of which the plan holds nothing else. */
export function attachedPolicy(plan: Plan, resource: Resource, options: TargetOptions): Key {
  const fields = new Fields(plan, resource);
  const { text } = keyNamedBy(plan, resource, "key_id");
  const arn = typeof text === "string" && text.startsWith("arn:") ? text : undefined;
  const policy = policyIn(plan, resource, "policy", { arn });
  if (policy.location !== undefined) fields.locations.policy = policy.location;
  const ofKey: Resource = arn === undefined ? resource : { ...resource, values: { ...resource.values, arn } };
  const region = regionIn(plan, ofKey, options);
  const settings = {
    bypassLockoutSafetyCheck: fields.read(
      "bypassLockoutSafetyCheck",
      "bypass_policy_lockout_safety_check",
      booleanValue,
      false,
    ),
  };
  return {
    ...entityOf(plan, resource, fields),
    kind: "policy",
    owner: ownerOf(plan, ofKey, [[resource, "policy"]], options.account),
    ...(arn === undefined ? {} : { arn }),
    region,
    partition: arn?.split(":")[1] || partitionOf(region),
    policy,
    properties: settings,
  };
}
