import type { Consumer, KeyUse } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { type ConsumerType, consumerTypeOf, tagProperties } from "../shared/consumers/consumers.ts";
import { snakeCase } from "../shared/consumers/snake-case.ts";
import { type Argument, argumentsAt } from "./argument.ts";
import { attributeOf } from "./attribute.ts";
import { entityOf, Fields, regionIn } from "./entity.ts";
import type { Leaf } from "./follow.ts";
import { at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { keyReferenceOf, resourcesNamedBy } from "./reference.ts";
import { isAliasType, isKeyType } from "./resources.ts";
import { tagsOf } from "./tags.ts";
import { ofHole, unknown } from "./values.ts";

type Encryption = NonNullable<Consumer["encryption"]>;

/** The resources of a plan that can encrypt with a key. */
export function consumersOf(plan: Plan, options: TargetOptions): Consumer[] {
  const around = surroundings(plan, options);
  return plan.resources.flatMap((resource) => {
    const type = consumerTypeOf(resource.type);
    return type === undefined ? [] : (consumerOf(plan, resource, type, around, options) ?? []);
  });
}

/** What other resources of the plan say of a consumer. */
interface Surroundings {
  /** Resources that configure another one, by that one. */
  attached: Map<Resource, Resource[]>;
  /** One of them may configure any resource of a type. */
  loose: Map<string, Resource>;
  /** They configure a resource of the plan, which has their key. */
  used: Set<Resource>;
  /** The default keys of EBS, by their Region. */
  ebs: Map<string, Resource>;
}

function surroundings(plan: Plan, options: TargetOptions): Surroundings {
  const found: Surroundings = { attached: new Map(), loose: new Map(), used: new Set(), ebs: new Map() };
  for (const resource of plan.resources) {
    if (resource.type === "aws_ebs_default_kms_key")
      found.ebs.set(JSON.stringify(regionIn(plan, resource, options)), resource);
    const attaches = consumerTypeOf(resource.type)?.attaches;
    const by = attaches?.by[0];
    if (attaches === undefined || by === undefined) continue;
    const targets = resourcesNamedBy(plan, resource, by, attaches.to, [by, "id", "arn"]);
    for (const target of targets) {
      const others = found.attached.get(target);
      if (others === undefined) found.attached.set(target, [resource]);
      else others.push(resource);
    }
    if (targets.length > 0) found.used.add(resource);
    else if (attributeOf(plan, resource, by).node?.type === "unknown") found.loose.set(attaches.to, resource);
  }
  return found;
}

function consumerOf(
  plan: Plan,
  resource: Resource,
  type: ConsumerType,
  around: Surroundings,
  options: TargetOptions,
): Consumer | undefined {
  if (around.used.has(resource)) return undefined;
  const own = usesIn(plan, resource, type, options);
  const others = (around.attached.get(resource) ?? []).map((other) => ({
    other,
    ...usesIn(plan, other, consumerTypeOf(other.type) as ConsumerType, options),
  }));
  const uses = [...own.uses, ...others.flatMap((one) => one.uses)];
  let encryption = type.store ? own.encryption : undefined;
  if (type.store && encryption === undefined)
    encryption = others.map((one) => one.encryption).find((one) => one !== undefined);
  if (type.store && encryption === undefined) {
    const fallback = defaultOf(plan, resource, type, around, options);
    if (typeof fallback === "object" && "argument" in fallback) uses.push(fallback);
    encryption = typeof fallback === "object" && "argument" in fallback ? "key" : fallback;
  }
  if (encryption === undefined && uses.length === 0) return undefined;
  const fields = new Fields(plan, resource);
  const [main] = uses.filter((use) => use.main);
  if (main !== undefined) fields.locations.encryption = main.location;
  else if (others[0] !== undefined)
    fields.locations.encryption = locationOf(others[0].other.at, others[0].other.address);
  const tags = resource.type.startsWith("awscc_")
    ? tagsOf(plan, resource, "list", fields, listOfTags(resource))
    : tagsOf(plan, resource, "map", fields);
  return {
    ...entityOf(plan, resource, fields),
    uses,
    ...(encryption === undefined ? {} : { encryption }),
    region: regionIn(plan, resource, options),
    tags,
  };
}

const listOfTags = ({ values, written }: Resource): string | undefined =>
  tagProperties
    .map(snakeCase)
    .find((name) => at(values, name) !== undefined || at(written, "expressions", name) !== undefined);

/** The keys that a resource's arguments name, and what the main one makes of its data where it is given. */
function usesIn(
  plan: Plan,
  resource: Resource,
  type: ConsumerType,
  options: TargetOptions,
): { uses: KeyUse[]; encryption: Encryption | undefined } {
  const uses: KeyUse[] = [];
  let encryption: Encryption | undefined;
  for (const { path, main = false, asymmetric = false, otherRegion } of type.arguments) {
    for (const argument of argumentsAt(plan, resource, path)) {
      if (!isGiven(argument)) continue;
      const { key, leaves } = keyReferenceOf(plan, resource, argument, options);
      const given = certainty(plan, argument, leaves);
      // None of the resources that it could be of has an instance: the value is null.
      if (given === false) continue;
      if (main && encryption !== "key") encryption = given === true ? "key" : given;
      const location = argument.location ?? locationOf(resource.at, resource.address);
      const away = otherRegion ? { otherRegion } : {};
      uses.push({ argument: argument.name, key, main, asymmetric, ...away, location });
    }
  }
  return { uses, encryption };
}

/** Whether an argument has a value, as far as the plan shows: what the provider fills in does not count. */
const isGiven = ({ node, written }: Argument): boolean =>
  node !== undefined &&
  written !== false &&
  !(node.type === "scalar" && (node.value === null || node.value === "")) &&
  !(node.type === "list" && node.items.length === 0);

/**
 * Whether an argument that is still to come gets a value. One of a variable or a local may be a choice between a value
 * and null, and a resource without instances gives none.
 */
function certainty(
  plan: Plan,
  { node }: Argument,
  leaves: Leaf[],
): true | false | Exclude<Encryption, string> {
  if (node?.type !== "unknown") return true;
  const open = leaves.filter((leaf) => leaf.kind !== "given" || leaf.variable !== undefined);
  const isAbsent = (leaf: Leaf): boolean =>
    leaf.kind === "resource" &&
    !leaf.data &&
    (isKeyType(leaf.type) || isAliasType(leaf.type)) &&
    plan.named(leaf).length === 0;
  if (open.some(isAbsent) && open.every((leaf) => leaf.kind === "given" || isAbsent(leaf))) return false;
  return open.length > 0 && open.every((leaf) => leaf.kind === "resource") ? true : ofHole(node.part);
}

/** What encrypts the data where no key is given: that of what they come from, or AWS's default. */
function defaultOf(
  plan: Plan,
  resource: Resource,
  type: ConsumerType,
  around: Surroundings,
  options: TargetOptions,
): Encryption | KeyUse {
  let open: Encryption | undefined;
  for (const path of type.inherits ?? []) {
    const given = argumentsAt(plan, resource, path).filter((argument) => hasValue(argument));
    for (const argument of given) {
      if (argument.node?.type !== "unknown") return "inherited";
      const { leaves } = keyReferenceOf(plan, resource, argument, options);
      const value = certainty(plan, argument, leaves);
      if (value === true) return "inherited";
      if (value !== false) open ??= value;
    }
  }
  if (open !== undefined) return open;
  const loose = around.loose.get(resource.type);
  if (loose !== undefined && !around.attached.has(resource))
    return unknown("which resource it configures is not known", loose.address);
  return ebsDefault(plan, resource, around, options) ?? "default";
}

/** Blocks that are made by `dynamic` are not among what is written. */
const hasValue = (argument: Argument): boolean =>
  isGiven(argument.node?.type === "list" ? { ...argument, written: true } : argument);

/** The key that the account's settings give to an encrypted volume. */
function ebsDefault(
  plan: Plan,
  resource: Resource,
  around: Surroundings,
  options: TargetOptions,
): KeyUse | undefined {
  if (resource.type !== "aws_ebs_volume" || at(resource.values, "encrypted") !== true) return undefined;
  const source = around.ebs.get(JSON.stringify(regionIn(plan, resource, options)));
  if (source === undefined) return undefined;
  const { key } = keyReferenceOf(plan, source, "key_arn", options);
  const location = attributeOf(plan, source, "key_arn").location ?? locationOf(source.at, source.address);
  return { argument: `${source.address}.key_arn`, key, main: true, asymmetric: false, location };
}
